"""A lab's keys as plain data, in the reader's language: what the page builds its controls and links from."""

from collections.abc import Callable, Mapping
from typing import Any

from app.schema.kinds import Address, Component, Kind, Names, Numbers, Points, print_value
from app.schema.parameters import Choice, Flag, Fork, Number, Parameter
from app.schema.query import LabQuery
from app.schema.table import MOST_BYTES, MOST_LINK, SESSION, OwnRows, pack

Translate = Callable[[str], str]


def declare(query: type[LabQuery], translate: Translate) -> list[dict[str, Any]]:
    """Return one record a key, in the order of links."""
    return [
        {"name": name, "role": at.role, "group": at.group, **_kind(at.kind, query, name, translate)}
        for name, at in query.ats().items()
    ]


def _kind(kind: Kind, query: type[LabQuery], name: str, translate: Translate) -> dict[str, Any]:
    default = query.ats()[name].default
    match kind:
        case Component():
            texts = [print_value(kind, one) for one in (default if kind.most else (default,))]
            return {
                "kind": "component",
                **_words(kind, translate),
                "most": kind.most,
                "one": translate(kind.one) if kind.one else "",
                "adds": translate(kind.adds) if kind.adds else "",
                "default": texts if kind.most else texts[0],
                "entries": {entry.name: _entry(entry, translate) for entry in kind.entries.values()},
            }
        case Numbers():
            numbers = {"parts": kind.parts, "low": kind.low, "high": kind.high, "mayBeAbsent": kind.may_be_absent}
            return {"kind": "numbers", **_words(kind, translate), **numbers, "default": default}
        case Points():
            limits = {"most": kind.most, "low": kind.low, "high": kind.high}
            return {"kind": "points", **_words(kind, translate), **limits, "default": default}
        case Names():
            options = {option: translate(title) for option, title in kind.options().items()}
            return {"kind": "names", **_words(kind, translate), "options": options, "default": list(default)}
        case Address():
            return {"kind": "address", **_words(kind, translate), "default": default}
        case OwnRows():
            limits = {"mostLink": MOST_LINK, "mostBytes": MOST_BYTES, "session": SESSION}
            return {"kind": "rows", **_words(kind, translate), **limits, "example": pack(kind.example), "default": None}
        case _:
            return _parameter(kind, translate) | {"name": name, "default": default}


def _entry(entry: Any, translate: Translate) -> dict[str, Any]:
    """Return what the page knows of a registry's entry: `facts()` of the entry adds what only its kind has."""
    record = getattr(entry, "optimizer", entry)
    found = {
        "name": entry.name,
        "title": translate(entry.title),
        "parameters": [_parameter(parameter, translate) for parameter in entry.parameters],
    }
    for words in ("about", "rough"):
        if text := getattr(record, words, ""):
            found[words] = translate(text)
    for fact in ("formula", "family", "source"):
        if text := getattr(record, fact, ""):
            found[fact] = text
    if hasattr(record, "has_rows"):
        found["hasRows"] = record.has_rows
    if quantities := getattr(record, "quantities", ()):
        found["quantities"] = [
            {"name": quantity.name, "symbol": quantity.symbol, "title": translate(quantity.title)}
            for quantity in quantities
        ]
    return found


def _parameter(parameter: Parameter, translate: Translate) -> dict[str, Any]:
    found = {"name": parameter.name, **_words(parameter, translate), "default": parameter.default}
    match parameter:
        case Number():
            return found | {
                "kind": "number",
                "low": parameter.low,
                "high": parameter.high,
                "slider": parameter.slider,
                "scale": parameter.scale,
                "isInteger": parameter.is_integer,
                "shared": parameter.shared,
            }
        case Flag():
            return found | {"kind": "flag"}
        case Fork():
            return found | {"kind": "fork"}
        case Choice():
            brings = {
                option: [_parameter(brought, translate) for brought in brought_ones]
                for option, brought_ones in parameter.brings.items()
            }
            options = _translated(parameter.options, translate)
            return found | {"kind": "choice", "options": options, "dependsOn": parameter.depends_on, "brings": brings}


def _translated(options: Any, translate: Translate) -> Any:
    """Translate titles at any depth of nested options."""
    if isinstance(options, Mapping):
        return {value: _translated(title, translate) for value, title in options.items()}
    return translate(options)


def _words(kind: Any, translate: Translate) -> dict[str, str]:
    symbol, help_text = getattr(kind, "symbol", ""), kind.help
    return {"title": translate(kind.title), "symbol": symbol, "help": translate(help_text) if help_text else ""}
