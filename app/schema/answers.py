"""What an answer says of itself: a JSON schema, derived from the annotations and docstrings of a dataclass."""

import ast
import dataclasses
import functools
import inspect
import textwrap
import types
import typing
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Literal

Schema = dict[str, Any]
ARRAY = "TypedArray"


class Absent(Enum):
    """The value of a field that this answer leaves out; None is a field that is there, and null."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclasses.dataclass(frozen=True, kw_only=True)
class OneOf:
    """The texts that a field takes, where a registry knows them: `Annotated[str, OneOf(options=tuple(KINDS))]`."""

    options: tuple[str, ...]


def fields_of(answer: Any) -> dict[str, Any]:
    """Return the fields of a dataclass that are there, by name, nested ones as they are."""
    if isinstance(answer, Mapping):
        return dict(answer)
    return {name: value for name, value in vars(answer).items() if value is not ABSENT}


def components_of(*roots: type) -> dict[str, Schema]:
    """Return the schema of every dataclass that the roots are made of, by its name, and that of arrays."""
    found: dict[type, Schema] = {}
    waiting = list(roots)
    while waiting:
        record = waiting.pop()
        if record not in found:
            found[record] = _object(record, waiting)
    names = [record.__name__ for record in found]
    for name in names:
        if names.count(name) > 1:
            raise TypeError(f"two answers are called {name}")
    return {ARRAY: _array()} | {
        record.__name__: found[record] for record in sorted(found, key=lambda one: one.__name__)
    }


def reference(name: str) -> Schema:
    """Return the reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


def _object(record: type, waiting: list[type]) -> Schema:
    texts = texts_of(record)
    properties, required = {}, []
    for name, annotation in typing.get_type_hints(record, include_extras=True).items():
        options = typing.get_args(annotation) if _is_union(annotation) else (annotation,)
        present = tuple(option for option in options if option is not Absent)
        if len(present) == len(options):
            required.append(name)
        schema = _one_of(present, waiting) if len(options) > 1 else _schema(annotation, waiting)
        described = " ".join(filter(None, (texts[name], schema.pop("description", ""))))
        properties[name] = schema | {"description": described}
    return {
        "type": "object",
        "description": inspect.getdoc(record) or "",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _schema(annotation: Any, waiting: list[type]) -> Schema:
    """Return the schema of a type; the dataclasses that it is made of begin to wait for theirs."""
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        waiting.append(annotation)
        return reference(annotation.__name__)
    if axes := getattr(annotation, "dim_str", None):
        return _array_of(axes.split())
    if annotation in PLAIN:
        return {"type": PLAIN[annotation]}
    if _is_union(annotation):
        return _one_of(typing.get_args(annotation), waiting)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        options = [mark.options for mark in arguments[1:] if isinstance(mark, OneOf)]
        return _schema(arguments[0], waiting) | ({"enum": list(options[0])} if options else {})
    if origin is Literal:
        return {"type": PLAIN[type(arguments[0])], "enum": list(arguments)}
    if origin is tuple and arguments[-1] is not ...:
        return _tuple(arguments, waiting)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(arguments[1], waiting)}
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return {"type": "array", "items": _schema(arguments[0], waiting)}
    raise TypeError(f"an answer has a field of type {annotation}, which has no form in JSON")


PLAIN: dict[Any, str] = {
    str: "string",
    float: "number",
    int: "integer",
    bool: "boolean",
    type(None): "null",
}


def _is_union(annotation: Any) -> bool:
    return typing.get_origin(annotation) in (typing.Union, types.UnionType)


def _one_of(options: tuple[Any, ...], waiting: list[type]) -> Schema:
    schemas = [_schema(option, waiting) for option in options]
    if all(schema.keys() == {"type"} for schema in schemas):
        return {"type": [schema["type"] for schema in schemas]} if len(schemas) > 1 else schemas[0]
    return {"anyOf": schemas} if len(schemas) > 1 else schemas[0]


def _tuple(arguments: tuple[Any, ...], waiting: list[type]) -> Schema:
    size = {"minItems": len(arguments), "maxItems": len(arguments)}
    if len(set(arguments)) == 1:
        return {"type": "array", "items": _schema(arguments[0], waiting), **size}
    return {"type": "array", "prefixItems": [_schema(each, waiting) for each in arguments], **size}


def _array() -> Schema:
    dtypes = {"f4": "floating point", "f8": "floating point", "u1": "whole", "i2": "whole", "u4": "whole"}
    return {
        "type": "object",
        "description": (
            "An array of numbers in Plotly's own form, which NumPy's `frombuffer` reads, too; nan and infinity are "
            "numbers here. `dtype=f8` asks for 64 bits."
        ),
        "properties": {
            "dtype": {
                "type": "string",
                "enum": list(dtypes),
                "description": "Kind and bytes of a number, as in NumPy.",
            },
            "bdata": {
                "type": "string",
                "contentEncoding": "base64",
                "description": "The numbers, little-endian, the last axis fastest.",
            },
            "shape": {
                "type": "string",
                "pattern": r"^\d+(,\d+)*$",
                "description": "The length of each axis, as in `201,2`.",
            },
        },
        "required": ["dtype", "bdata", "shape"],
        "additionalProperties": False,
    }


def _array_of(axes: list[str]) -> Schema:
    """Return the schema of an array: its axes are named, or a number where their length is always the same."""
    sides = [axis if axis.isdigit() else r"\d+" for axis in axes]
    shape = {"type": "string", "pattern": f"^{','.join(sides)}$"}
    return reference(ARRAY) | {"description": f"Shape ({', '.join(axes)}).", "properties": {"shape": shape}}


@functools.cache
def texts_of(record: type) -> Mapping[str, str]:
    """Return the text below each field of a dataclass.

    Raises:
        TypeError: a field has none.
    """
    found: dict[str, str] = {}
    for base in reversed(record.__mro__[:-1]):
        (body,) = ast.parse(textwrap.dedent(inspect.getsource(base))).body
        assert isinstance(body, ast.ClassDef)  # noqa: S101, the source of a class is a class
        for field, text in zip(body.body, [*body.body[1:], None], strict=True):
            if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
                continue
            if not (isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)):
                raise TypeError(f"{record.__name__}.{field.target.id} has no text below it that says what it is")
            found[field.target.id] = " ".join(str(text.value.value).split())
    return found
