"""The types that scripts see against the dataclasses that they are made of."""

from app.labs import LABS
from app.web.responses import answer_schemas
from ci.types import TYPES, types_of


def test_the_written_types_are_those_of_the_answers():
    assert TYPES.read_text(encoding="utf-8") == types_of(answer_schemas(LABS)), "make types writes them"


def test_a_record_is_an_interface_with_what_may_be_missing_marked():
    leaf = {"type": "object", "description": "A leaf.", "properties": {}, "required": []}
    text = {"type": ["number", "null"], "description": "Half " + "long " * 30 + "text."}
    array = {"$ref": "#/components/schemas/TypedArray", "description": "Of numbers."}
    pair = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2, "description": "Two."}
    leaves = {"type": "array", "items": {"$ref": "#/components/schemas/Leaf"}, "description": "Many."}
    properties = {"half": text, "numbers": array, "pair": pair, "leaves": leaves}
    root = {"type": "object", "description": "A root.", "properties": properties, "required": ["half", "pair"]}
    written = types_of({"TypedArray": {}, "Leaf": leaf, "Root": root})
    assert "export interface Leaf {\n}" in written
    fields = [line.strip() for line in written.splitlines() if line.endswith(";")][1:]
    assert fields == ["half: number | null;", "numbers?: Tensor;", "pair: [number, number];", "leaves?: Leaf[];"]
    assert max(map(len, written.splitlines())) <= 120
