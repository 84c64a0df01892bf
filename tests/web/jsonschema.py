"""A strict reader of the JSON schemas that the API's description uses: it refuses a keyword that it does not know."""

import re

TYPES = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
KNOWN = {
    *("$ref", "type", "enum", "anyOf", "description", "pattern", "contentEncoding", "example", "default"),
    *("items", "prefixItems", "minItems", "maxItems", "properties", "required", "additionalProperties"),
    *("minimum", "maximum", "maxLength"),
}


def check(value, schema, components, at="$"):
    """Raise AssertionError, which says where, unless `value` is what `schema` describes."""
    assert schema, f"{at}: nothing is said of it"
    assert schema.keys() <= KNOWN, f"{at}: {schema.keys() - KNOWN} are no keywords that are checked"
    if "$ref" in schema:
        check(value, components[schema["$ref"].removeprefix("#/components/schemas/")], components, at)
    if "anyOf" in schema:
        _check_any(value, schema["anyOf"], components, at)
    if "type" in schema:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert any(TYPES[each](value) for each in types), f"{at}: {value!r:.60} is none of {types}"
    if "enum" in schema:
        assert value in schema["enum"], f"{at}: {value!r:.60} is none of {schema['enum']}"
    if isinstance(value, str) and "pattern" in schema:
        assert re.search(schema["pattern"], value), f"{at}: {value!r:.60} does not match {schema['pattern']}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        assert schema.get("minimum", value) <= value <= schema.get("maximum", value), f"{at}: {value} is out of range"
    if isinstance(value, list) and schema.get("type") == "array":
        _check_list(value, schema, components, at)
    if isinstance(value, dict) and (schema.get("type") == "object" or "properties" in schema):
        _check_object(value, schema, components, at)


def _check_any(value, options, components, at):
    failures = []
    for option in options:
        try:
            return check(value, option, components, at)
        except AssertionError as failure:
            failures.append(str(failure))
    raise AssertionError(f"{at}: none of the options: {failures}")


def _check_list(value, schema, components, at):
    assert schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)), f"{at}: {len(value)} items"
    first = schema.get("prefixItems", [])
    for number, (part, each) in enumerate(zip(value, first, strict=False)):
        check(part, each, components, f"{at}[{number}]")
    for number, part in enumerate(value[len(first) :], start=len(first)):
        check(part, schema["items"], components, f"{at}[{number}]")


def _check_object(value, schema, components, at):
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        assert name in value, f"{at}: {name} is missing"
    for name, part in value.items():
        if name in properties:
            check(part, properties[name], components, f"{at}.{name}")
        elif others is not True:
            assert others, f"{at}: {name} is not described"
            check(part, others, components, f"{at}.{name}")
