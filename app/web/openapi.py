"""A query model as OpenAPI parameters, derived from the same declarations as everything else."""

from typing import Any

from app.schema.kinds import Address, Component, Kind, Names, Numbers, Points, print_value
from app.schema.parameters import Choice, Flag, Fork, Number
from app.schema.query import LabQuery, most_of
from app.schema.table import MOST_LINK, OwnRows

NUMBER = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"


def parameters_of(query: type[LabQuery]) -> list[dict[str, Any]]:
    """Return one OpenAPI parameter a key."""
    found = []
    for name, kind in query.keys().items():
        default = query.ats()[name].default
        schema = _schema(kind)
        if most := most_of(kind):
            schema = {"type": "array", "items": schema, "maxItems": most}
        elif default is not None and default != ():
            schema["default"] = default if isinstance(default, int | float | str) else print_value(kind, default)
        parameter = {"name": name, "in": "query", "required": False, "schema": schema}
        found.append(parameter | {"description": " ".join(filter(None, (f"{kind.title}.", kind.help)))})
    return found


def _schema(kind: Kind) -> dict[str, Any]:
    match kind:
        case Number():
            return {"type": "integer" if kind.is_integer else "number", "minimum": kind.low, "maximum": kind.high}
        case Choice():
            return {"type": "string", "enum": list(kind.options)}
        case Flag():
            return {"type": "boolean"}
        case Fork():
            return {"type": "string", "pattern": r"^\d+@\d+$"}
        case Numbers():
            if kind.most:
                return {"type": "string", "pattern": f"^{NUMBER}(,{NUMBER}){{0,{kind.most - 1}}}$"}
            return {"type": "string", "pattern": f"^{','.join([NUMBER] * len(kind.parts))}$"}
        case Address():
            return {"type": "string", "pattern": r"^[a-z0-9_]+(\.[a-z0-9_]+){0,2}$"}
        case Points():
            return {"type": "string", "pattern": f"^({NUMBER}:{NUMBER}(,{NUMBER}:{NUMBER}){{0,{kind.most - 1}}})?$"}
        case Names():
            names = "|".join(kind.options())
            return {"type": "string", "pattern": f"^({names})(,({names}))*$"}
        case OwnRows():
            return {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": MOST_LINK}
        case Component():
            names = "|".join(kind.entries)
            return {"type": "string", "pattern": f"^({names})(,[a-z0-9_]+:[^,:]+)*$"}
