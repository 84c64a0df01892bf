"""Schemas of answers, made from the annotations of dataclasses and the texts below their fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pytest
from jaxtyping import Float

from app.schema.answers import ABSENT, Absent, components_of, fields_of


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """The end."""

    kind: Literal["a", "b"]
    """One of two."""


@dataclass(frozen=True, kw_only=True)
class Root(Leaf):
    """All that an answer may hold."""

    at: tuple[float, float]
    """A point."""
    decade: tuple[float, float, int]
    """Of several kinds."""
    count: int | None
    """Perhaps."""
    leaves: Sequence[Leaf]
    """Several."""
    named: Mapping[str, Leaf]
    """By name."""
    path: Float[np.ndarray, "rows 2"]
    """Where it
    went."""
    grads: Float[np.ndarray, "rows 2"] | Absent = ABSENT
    """Only when asked for."""


def test_a_dataclass_is_an_object_with_the_fields_of_its_base_first():
    schema = components_of(Root)["Root"]
    assert schema["description"] == "All that an answer may hold."
    assert list(schema["properties"]) == ["kind", "at", "decade", "count", "leaves", "named", "path", "grads"]
    assert schema["required"] == ["kind", "at", "decade", "count", "leaves", "named", "path"]
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("kind", {"type": "string", "enum": ["a", "b"]}),
        ("at", {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}),
        (
            "decade",
            {
                "type": "array",
                "prefixItems": [{"type": "number"}, {"type": "number"}, {"type": "integer"}],
                "minItems": 3,
                "maxItems": 3,
            },
        ),
        ("count", {"type": ["integer", "null"]}),
        ("leaves", {"type": "array", "items": {"$ref": "#/components/schemas/Leaf"}}),
        ("named", {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Leaf"}}),
        (
            "path",
            {
                "$ref": "#/components/schemas/TypedArray",
                "properties": {"shape": {"type": "string", "pattern": r"^\d+,2$"}},
            },
        ),
    ],
)
def test_a_field_is_described_by_its_annotation(field, expected):
    schema = dict(components_of(Root)["Root"]["properties"][field])
    schema.pop("description")
    assert schema == expected


def test_the_text_below_a_field_is_its_description_and_names_the_axes():
    assert components_of(Root)["Root"]["properties"]["path"]["description"] == "Where it went. Shape (rows, 2)."


def test_a_field_without_a_text_or_with_a_type_that_json_has_not_is_our_bug():
    @dataclass
    class Silent:
        name: str

    @dataclass
    class Odd:
        """Odd."""

        thing: Any
        """Anything."""

    with pytest.raises(TypeError, match=r"Silent\.name has no text below it"):
        components_of(Silent)
    with pytest.raises(TypeError, match="has no form in JSON"):
        components_of(Odd)


def test_what_is_absent_is_no_field():
    root = Root(kind="a", at=(0, 1), decade=(1, 10, 2), count=None, leaves=[], named={}, path=np.zeros((1, 2)))
    assert list(fields_of(root)) == ["kind", "at", "decade", "count", "leaves", "named", "path"]
