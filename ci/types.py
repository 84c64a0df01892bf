"""Writes static/js/server/types.d.ts, the types of the API's answers as scripts see them, from the API's description.

`python -m ci.types` writes the file; with `--check` it says whether the file is what it would write.
"""

import sys
from pathlib import Path
from typing import Any

from app.labs import LABS
from app.schema.answers import ARRAY, Schema
from app.web.responses import answer_schemas

TYPES = Path(__file__).parents[1] / "static" / "js" / "server" / "types.d.ts"
WIDTH = 120
HEAD = """\
// The types of the API's answers, once their arrays are decoded. Written by `make types` from the dataclasses in app/.

import type {Tensor} from "../wire.js";
"""
PLAIN = {"string": "string", "number": "number", "integer": "number", "boolean": "boolean", "null": "null"}


def types_of(schemas: dict[str, Schema]) -> str:
    """Return the declarations of all components but that of arrays, which are decoded before anybody sees them."""
    records = {name: schema for name, schema in schemas.items() if name != ARRAY}
    return "\n".join([HEAD, *(_record(name, schema) for name, schema in records.items())])


def _record(name: str, schema: Schema) -> str:
    lines = [*_comment(schema["description"], ""), f"export interface {name} {{"]
    for field, part in schema["properties"].items():
        mark = "" if field in schema["required"] else "?"
        lines += [*_comment(part["description"], "  "), f"  {field}{mark}: {_type(part)};"]
    return "\n".join([*lines, "}", ""])


def _comment(text: str, indent: str) -> list[str]:
    """Return a JSDoc comment, broken where it is longer than a line may be."""
    words = " ".join(text.split())
    if len(indent) + len(words) + 7 <= WIDTH:
        return [f"{indent}/** {words} */"]
    lines, line = [f"{indent}/**"], f"{indent} *"
    for word in words.split(" "):
        if len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = f"{indent} *"
        line += f" {word}"
    return [*lines, line, f"{indent} */"]


def _type(schema: Schema) -> str:
    """Return a schema as TypeScript writes it."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return "Tensor" if name == ARRAY else name
    if "anyOf" in schema:
        return " | ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(f'"{option}"' for option in schema["enum"])
    return _plain(schema, schema["type"])


def _plain(schema: Schema, kind: Any) -> str:
    match kind:
        case list():
            return " | ".join(dict.fromkeys(_plain(schema, each) for each in kind))
        case "object":
            return f"{{[name: string]: {_type(schema['additionalProperties'])}}}"
        case "array" if "prefixItems" in schema:
            return f"[{', '.join(map(_type, schema['prefixItems']))}]"
        case "array" if "minItems" in schema:
            return f"[{', '.join([_type(schema['items'])] * schema['minItems'])}]"
        case "array":
            item = _type(schema["items"])
            return f"({item})[]" if " | " in item else f"{item}[]"
    return PLAIN[kind]


def main() -> None:
    """Write the file, or say that it is stale."""
    text = types_of(answer_schemas(LABS))
    if "--check" not in sys.argv[1:]:
        TYPES.parent.mkdir(exist_ok=True)
        TYPES.write_text(text, encoding="utf-8")
    elif not TYPES.exists() or TYPES.read_text(encoding="utf-8") != text:
        sys.exit("static/js/server/types.d.ts is not what the answers' dataclasses say: make types writes it")


if __name__ == "__main__":
    main()
