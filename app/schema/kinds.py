"""The kinds of keys that a query has: one value, several numbers, points, names, or a component with sub-keys."""

import functools
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.schema.messages import N_, Mistake, Sentence
from app.schema.parameters import Choice, Parameter
from app.schema.table import OwnRows
from app.schema.text import Value, default_of, echo, number_text, parse_float, parse_value, unknown, value_text


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
        words = [self.name]
        for parameter in open_parameters(self.entry.parameters, self.values):
            chosen = self.values[parameter.name]
            if chosen is not None and chosen != default_of(parameter, self.values):
                words.append(f"{parameter.name}:{value_text(chosen)}")
        return ",".join(words)

    def __repr__(self) -> str:
        return f"Picked({self.name!r}, {dict(self.values)!r})"

    def __deepcopy__(self, _memo: object) -> "Picked":
        """Pydantic copies defaults; a registry's entry must stay the one that it is."""
        return self


class noting:  # noqa: N801, it reads as a statement; a generator would take five times as long, for every value
    """Turn a mistake into a note that says what was used instead; without a list of notes, let it pass."""

    def __init__(self, notes: list[Sentence] | None, used: str = "") -> None:
        self.notes = notes
        self.used = used

    def __enter__(self) -> None:
        pass

    def __exit__(self, _type: object, mistake: BaseException | None, _traceback: object) -> bool:
        if self.notes is None or not isinstance(mistake, Mistake):
            return False
        template = N_("using {used}: {mistake}") if self.used else N_("left out: {mistake}")
        self.notes.append(Sentence(template, {"mistake": mistake.sentence, "used": self.used}))
        return True


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


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """A fixed number of numbers with commas between them, each in [low, high]; `parts` names them.

    With `most`, any number of them up to that, each named by the one part. Left open, they are chosen by the lab, or,
    where they `may_be_absent`, there are none.
    """

    title: str
    parts: tuple[str, ...]
    low: float
    high: float
    symbol: str = ""
    may_be_absent: bool = False
    most: int = 0
    help: str = ""

    def parse(self, name: str, text: str) -> tuple[float, ...]:
        """Read the numbers."""
        count = text.count(",") + 1
        if self.most and count > self.most:
            raise Mistake(
                N_("{name} may be at most {most} numbers, got {count}"), name=name, most=self.most, count=count
            )
        words = text.split(",")
        if not self.most and len(words) != len(self.parts):
            template = "{name} must be {count} numbers, {parts}; got {value}"
            raise Mistake(template, name=name, count=len(self.parts), parts=",".join(self.parts), value=echo(text))
        return tuple(
            parse_float(f"{name} {part}", word, low=self.low, high=self.high)
            for part, word in zip(itertools.cycle(self.parts), words)
        )

    def text(self, value: tuple[float, ...]) -> str:
        """Print the numbers."""
        return ",".join(map(number_text, value))


@dataclass(frozen=True, kw_only=True)
class Address:
    """The name of a number of the query: a key, a component's `surface.kappa`, or a repeated one's `run.2.beta1`.

    Whether there is such a number is for the rest of the query to tell.
    """

    title: str
    default: str
    help: str = ""

    def parse(self, name: str, text: str) -> str:
        """Read the name."""
        if not _ADDRESS.fullmatch(text):
            raise Mistake(
                "{name} must be the name of a number, such as run.2.beta1, got {value}", name=name, value=echo(text)
            )
        return text

    def text(self, value: str) -> str:
        """Print the name."""
        return value


@dataclass(frozen=True, kw_only=True)
class Points:
    """Points of a plane, `x:y` with commas between them, at most so many; each number in [low, high]."""

    title: str
    most: int
    low: float
    high: float
    help: str = ""

    def parse(self, name: str, text: str) -> tuple[tuple[float, float], ...]:
        """Read the points; no text is none."""
        words = text.split(",") if text else []
        if len(words) > self.most:
            template = N_("{name} holds at most {most} points, got {count}")
            raise Mistake(template, name=name, most=self.most, count=len(words))
        return tuple(self._point(name, word) for word in words)

    def _point(self, name: str, word: str) -> tuple[float, float]:
        x, colon, y = word.partition(":")
        if not colon:
            raise Mistake(N_("{name} must be points x:y, such as 0.1:0.9, got {value}"), name=name, value=echo(word))
        return (
            parse_float(f"{name} x", x, low=self.low, high=self.high),
            parse_float(f"{name} y", y, low=self.low, high=self.high),
        )

    def text(self, value: tuple[tuple[float, float], ...]) -> str:
        """Print the points."""
        return ",".join(f"{number_text(x)}:{number_text(y)}" for x, y in value)


@dataclass(frozen=True, kw_only=True)
class Names:
    """A set of names from a fixed list, with commas between them."""

    title: str
    options: Callable[[], Mapping[str, str]]
    help: str = ""

    def parse(self, name: str, text: str) -> tuple[str, ...]:
        """Read the names, each at most once, into the order in which they are declared."""
        words = text.split(",")
        options = self.options()
        for word in words:
            if word not in options:
                raise unknown(name, word, options)
            if words.count(word) > 1:
                raise Mistake("{name} names {value} more than once; expected it once", name=name, value=echo(word))
        return tuple(option for option in options if option in words)

    def text(self, value: tuple[str, ...]) -> str:
        """Print the names."""
        return ",".join(value)


_ADDRESS = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+){0,2}", re.ASCII)
MOST_PARTS = 32  # of a component; no entry has half as many parameters
MOST_CACHED = 512
LONGEST_CACHED = 100  # characters: of ordinary components, so that the cache stays small


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

    def parse(self, name: str, text: str, notes: list[Sentence] | None = None) -> Picked:
        """Read the component.

        With `notes`, a bad sub-key is left at its default and its mistake noted; otherwise it is raised.
        """
        # A slider that is dragged changes one component; the others come again with every request.
        is_cached = notes is None and len(text) <= LONGEST_CACHED
        return _known(self, name, text) if is_cached else self._read(name, text, notes)

    def _read(self, name: str, text: str, notes: list[Sentence] | None) -> Picked:
        count = text.count(",")
        if count > MOST_PARTS:
            raise Mistake(
                N_("{name} has {count} parts; expected at most {most}"), name=name, count=count, most=MOST_PARTS
            )
        word, *items = text.split(",")
        if word not in self.entries:
            raise unknown(name, word, self.entries)
        entry = self.entries[word]
        given = dict(_items(name, word, items, notes))
        values: dict[str, Value] = {}
        for parameter in open_parameters(entry.parameters, values):
            values[parameter.name] = default_of(parameter, values)
            if parameter.name in given:
                with noting(notes, used=used_text(values[parameter.name])):
                    values[parameter.name] = parse_value(parameter, given.pop(parameter.name), values)
        for leftover in given:
            with noting(notes):
                expected = dict.fromkeys(values) or {"no key": ""}
                raise unknown(f"{name} key", leftover, expected)
        return Picked(entry, values)

    def text(self, value: Picked) -> str:
        """Print the component without the values that are defaults."""
        return value.text


@functools.lru_cache(maxsize=MOST_CACHED)
def _known(component: Component, name: str, text: str) -> Picked:
    return component._read(name, text, None)


def used_text(value: Value) -> str:
    """Say which value stands in for a bad one."""
    return N_("its default") if value is None else value_text(value)


def _items(name: str, word: str, items: list[str], notes: list[Sentence] | None) -> Iterator[tuple[str, str]]:
    seen = set()
    for item in items:
        key, colon, text = item.partition(":")
        with noting(notes):
            if not (key and colon and text):
                template = "{name} {word} has the part {value}; expected key:value"
                raise Mistake(template, name=name, word=word, value=echo(item))
            if key in seen:
                template = "{name} {word} has {value} more than once; expected it once"
                raise Mistake(template, name=name, word=word, value=echo(key))
            seen.add(key)
            yield key, text


Kind = Parameter | Numbers | Points | Address | Names | OwnRows | Component


def parse(kind: Kind, name: str, text: str, notes: list[Sentence] | None) -> Any:
    """Read one value of the key `name`."""
    match kind:
        case Component():
            return kind.parse(name, text, notes)
        case Numbers() | Points() | Address() | Names() | OwnRows():
            return kind.parse(name, text)
        case _:
            return parse_value(kind, text, {})


def print_value(kind: Kind, value: Any) -> str:
    """Print one value of a key."""
    return (
        kind.text(value)
        if isinstance(kind, Numbers | Points | Address | Names | OwnRows | Component)
        else value_text(value)
    )
