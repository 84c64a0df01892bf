"""A query as OpenAPI parameters, derived from the same declarations as everything else."""

from typing import Any

from app.schema.query import At, LabQuery, most_of


def parameters_of(query: type[LabQuery]) -> list[dict[str, Any]]:
    """Return one OpenAPI parameter a key."""
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "schema": _schema(at),
            "description": " ".join(filter(None, (f"{at.kind.title}.", at.kind.help))),
        }
        for name, at in query.ats().items()
    ]


def _schema(at: At) -> dict[str, Any]:
    schema, default = at.kind.describe(), at.default
    if most := most_of(at.kind):
        return {"type": "array", "items": schema, "maxItems": most}
    if default is None or default == ():
        return schema
    return schema | {"default": default if isinstance(default, int | float | str) else at.kind.print(default)}
