"""The kind of a key that names an entry of a registry, with values for its parameters: `name,key:value,key:value`."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.schema.kinds.base import ALONE, Context, Translate, words
from app.schema.kinds.scalars import Choice, Parameter, Value, default_of
from app.schema.messages import LEFT_OPEN, N_, Mistake, Sentence, noting
from app.schema.text import echo, unknown

MOST_PARTS = 32  # of a component; no entry has half as many parameters
MOST_CACHED = 512
LONGEST_CACHED = 100  # characters: of ordinary components, so that the cache stays small


class Entry(Protocol):
    """What a registry holds: a surface, an optimizer, a scaler, a schedule …"""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def parameters(self) -> tuple[Parameter, ...]: ...


@dataclass(frozen=True)
class Picked:
    """An entry of a registry with a value for each of its parameters."""

    entry: Any  # an Entry; each lab knows which registry it came from
    values: Mapping[str, Any] = field(default_factory=dict)  # each a Value

    @property
    def name(self) -> str:
        """The entry's name, as links write it."""
        return self.entry.name

    @functools.cached_property
    def text(self) -> str:
        """The component as links write it, without the values that are defaults."""
        parts = [self.name]
        for parameter in open_parameters(self.entry.parameters, self.values):
            chosen = self.values[parameter.name]
            if chosen is not None and chosen != default_of(parameter, self.values):
                parts.append(f"{parameter.name}:{parameter.print(chosen)}")
        return ",".join(parts)

    def __repr__(self) -> str:
        return f"Picked({self.name!r}, {dict(self.values)!r})"


def open_parameters(parameters: tuple[Parameter, ...], values: Mapping[str, Value]) -> Iterator[Parameter]:
    """Yield the parameters in order; those that an option brings follow it once `values` holds the choice."""
    for parameter in parameters:
        yield parameter
        if isinstance(parameter, Choice):
            yield from open_parameters(parameter.brings.get(str(values[parameter.name]), ()), values)


def pick(entry: Entry, **given: Value) -> Picked:
    """Return an entry with `given` values and the defaults of all others."""
    values: dict[str, Value] = {}
    for parameter in open_parameters(entry.parameters, values):
        values[parameter.name] = given[parameter.name] if parameter.name in given else default_of(parameter, values)
    return Picked(entry, values)


@dataclass(frozen=True, kw_only=True, eq=False)
class Component:
    """An entry of a registry, written `name,key:value,key:value`; with `most`, the key may be repeated so often.

    A repeated key also says what `one` of it is called, and the button that `adds` one.
    """

    title: str
    entries: Mapping[str, Any]  # name → Entry
    most: int = 0
    one: str = ""
    adds: str = ""
    help: str = ""

    def parse(self, name: str, text: str, context: Context = ALONE) -> Picked:
        """Read the component; with `context.notes`, a bad sub-key is left at its default and its mistake noted."""
        # A slider that is dragged changes one component; the others come again with every request.
        is_cached = context.notes is None and len(text) <= LONGEST_CACHED
        return _known(self, name, text) if is_cached else self._read(name, text, context.notes)

    def _read(self, name: str, text: str, notes: list[Sentence] | None) -> Picked:
        count = text.count(",")
        if count > MOST_PARTS:
            template = N_("{name} has {count} parts; expected at most {most}")
            raise Mistake(template, name=name, count=count, most=MOST_PARTS)
        word, *items = text.split(",")
        if word not in self.entries:
            raise unknown(name, word, self.entries)
        entry = self.entries[word]
        given = dict(_items(name, word, items, notes))
        values: dict[str, Value] = {}
        for parameter in open_parameters(entry.parameters, values):
            default = values[parameter.name] = default_of(parameter, values)
            if parameter.name in given:
                with noting(notes, used=LEFT_OPEN if default is None else parameter.print(default)):
                    found = parameter.parse(parameter.name, given.pop(parameter.name), Context(values))
                    values[parameter.name] = found
        for leftover in given:
            with noting(notes):
                expected = dict.fromkeys(values) or {"no key": ""}
                raise unknown(f"{name} key", leftover, expected)
        return Picked(entry, values)

    def print(self, value: Picked) -> str:
        """Print the component without the values that are defaults."""
        return value.text

    def declare(self, name: str, default: Any, translate: Translate) -> dict[str, Any]:
        """Return the control's declaration, with those of all entries."""
        return {
            "kind": "component",
            "name": name,
            **words(self, translate),
            "most": self.most,
            "one": translate(self.one) if self.one else "",
            "adds": translate(self.adds) if self.adds else "",
            "default": [one.text for one in default] if self.most else default.text,
            "entries": {entry.name: _declared(entry, translate) for entry in self.entries.values()},
        }

    def describe(self) -> dict[str, Any]:
        """Return the schema."""
        names = "|".join(self.entries)
        return {"type": "string", "pattern": f"^({names})(,[a-z0-9_]+:[^,:]+)*$"}


@functools.lru_cache(maxsize=MOST_CACHED)
def _known(component: Component, name: str, text: str) -> Picked:
    return component._read(name, text, None)


def _items(name: str, word: str, items: list[str], notes: list[Sentence] | None) -> Iterator[tuple[str, str]]:
    seen = set()
    for item in items:
        key, colon, text = item.partition(":")
        with noting(notes):
            if not (key and colon and text):
                template = N_("{name} {word} has the part {value}; expected key:value")
                raise Mistake(template, name=name, word=word, value=echo(item))
            if key in seen:
                template = N_("{name} {word} has {value} more than once; expected it once")
                raise Mistake(template, name=name, word=word, value=echo(key))
            seen.add(key)
            yield key, text


def _declared(entry: Any, translate: Translate) -> dict[str, Any]:
    """Return what the page knows of a registry's entry; which facts there are depends on the registry."""
    record = getattr(entry, "optimizer", entry)
    found = {
        "name": entry.name,
        "title": translate(entry.title),
        "parameters": [
            parameter.declare(parameter.name, parameter.default, translate) for parameter in entry.parameters
        ],
    }
    for sentence in ("about", "rough"):
        if text := getattr(record, sentence, ""):
            found[sentence] = translate(text)
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
