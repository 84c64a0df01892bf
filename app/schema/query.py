"""The base of every lab's query: a frozen dataclass whose fields carry their key, read from a link, printed as one."""

import dataclasses
import functools
import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal, Self, dataclass_transform
from urllib.parse import parse_qsl, quote

from app.schema.kinds import Component, Kind
from app.schema.kinds.base import Context
from app.schema.messages import LEFT_OPEN, N_, Mistake, Sentence, noting
from app.schema.text import unknown

MOST_PAIRS = 128  # of an address, both panels together; the longest that a page writes has half as many
PLAIN = re.compile(r"[A-Za-z0-9_.\-~:,@]*", re.ASCII)
PREFIX = "vs."  # keys of the second panel
Pairs = list[tuple[str, str]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class At:
    """What is declared of a key: its kind and default, and what the page has to know of it.

    Args:
        group: the group of controls in which its control stands; "" for none.
        role: "query" for what shapes the answer, "page" for how it is shown, "api" for what is answered.
        shapes: whether it shapes the surface, so that places on another surface mean nothing on this one.
        shown_with: its control is hidden unless the surface is made of "rows", or is a "quadratic".
        only: the computations whose answers it changes; none named, all of them.
        before: the key before which it stands in links, where there is that key; without one, keys stand as they are
            declared: those of bases first, then the lab's own, then those of bases that come `last`.
    """

    kind: Kind
    default: Any
    group: str = ""
    role: Literal["query", "page", "api"] = "query"
    shapes: bool = False
    shown_with: Literal["", "rows", "quadratic"] = ""
    only: tuple[str, ...] = ()
    before: str = ""


def key(kind: Kind, *, default: Any = ..., **declared: Any) -> Any:
    """Declare a field of a query: `steps: int = key(STEPS, group="path")`; `declared` is the rest of an `At`.

    Without a `default`, the kind's own is taken.
    """
    default = getattr(kind, "default", None) if default is ... else default
    return dataclasses.field(default=default, metadata={"at": At(kind=kind, default=default, **declared)})


def changed(base: "type[LabQuery]", name: str, **declared: Any) -> Any:
    """Declare the key of a base again, with what differs here: `seed: int = changed(ProblemKeys, "seed", group="map")`.

    `kind` holds what differs of the kind, such as `{"help": …}`, unless it is another one.
    """
    at = base.ats()[name]
    if isinstance(differing := declared.get("kind"), Mapping):
        declared["kind"] = dataclasses.replace(at.kind, **differing)  # type: ignore[type-var], every kind is a dataclass
    at = dataclasses.replace(at, **declared)
    return dataclasses.field(default=at.default, metadata={"at": at})


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(key, changed))
@dataclasses.dataclass(frozen=True, kw_only=True)
class LabQuery:
    """What a lab computes and shows. Frozen; equal queries print equal links.

    Every subclass is a dataclass whose fields are made by `key` or `changed`. The keys of a base that comes `last`
    stand after those of the labs that inherit it. Reading takes `notes`: None raises at the first mistake; a list
    takes a sentence for each and goes on with defaults.
    """

    comes_last: ClassVar[bool] = False

    def __init_subclass__(cls, *, last: bool = False) -> None:
        cls.comes_last = last
        dataclasses.dataclass(frozen=True, kw_only=True)(cls)

    def check(self, notes: list[Sentence] | None) -> Self:
        """Check what concerns several keys at once, and return the query, mended if notes are taken; labs override.

        It runs on the event loop: it may look at values and declarations, and binds no arrays.
        """
        return self

    def check_problem(self, notes: list[Sentence] | None) -> Self:
        """Check what only the bound problem can tell, and return the query, mended if notes are taken; labs override.

        It makes arrays, and so runs where they are computed, not on the event loop.
        """
        return self

    def mended(self, notes: list[Sentence] | None, used: str, check: Callable[[Self], object], **instead: Any) -> Self:
        """Return the query; where `check` finds a mistake and notes are taken, with the values `instead`.

        `used` says what they are: "using the whole domain: …".

        Raises:
            Mistake: `check` raises it, and no notes are taken.
        """
        query = self
        with noting(notes, used=used):
            try:
                check(self)
            except Mistake:
                query = dataclasses.replace(self, **instead)
                raise
        return query

    def with_rows(self, content: bytes) -> Self:
        """Return the query with rows that came apart from its link; for the labs that take such."""
        raise NotImplementedError

    @classmethod
    def keys(cls, *roles: str) -> Mapping[str, Kind]:
        """Return the kinds of the keys of these roles (all, without any), in the order of links."""
        return _keys(cls, roles)

    @classmethod
    def ats(cls) -> Mapping[str, At]:
        """Return what is declared of each key, in the order of links."""
        return _ats(cls)

    @classmethod
    def read(cls, pairs: Pairs, notes: list[Sentence] | None = None) -> Self:
        """Read a query from decoded pairs.

        Raises:
            Mistake: the first one, if no notes are taken.
        """
        given = cls._collected(pairs, notes)
        values: dict[str, Any] = {}
        for name, at in cls.ats().items():
            if name not in given:
                continue
            if most_of(at.kind):
                values[name] = _parsed_each(at.kind, name, given[name], notes) or at.default
            else:
                with noting(notes, used=_used(at)):
                    values[name] = at.kind.parse(name, given[name][0], Context(notes=notes))
        return cls(**values).check(notes)

    @classmethod
    def _collected(cls, pairs: Pairs, notes: list[Sentence] | None) -> dict[str, list[str]]:
        """Return the texts of each key, none of them more often than it may be given."""
        keys = cls.keys()
        given: dict[str, list[str]] = {}
        for name, text in pairs:
            if name in keys:
                given.setdefault(name, []).append(text)
            else:
                with noting(notes):
                    raise unknown("key", name, keys)
        for name, texts in given.items():
            if len(texts) > (most := most_of(keys[name]) or 1):
                with noting(notes):
                    raise _too_often(name, most, len(texts))
                del texts[most:]
        return given

    def pairs(self, *roles: str) -> Pairs:
        """Return the canonical pairs: order of declaration, defaults left out."""
        found: Pairs = []
        ats = self.ats()
        for name in self.keys(*roles):
            if getattr(self, name) != ats[name].default:
                found.extend((name, text) for text in self.texts(name))
        return found

    def texts(self, name: str) -> list[str]:
        """Print each value of the key `name`: none for one that is unset, several for one that may be repeated."""
        kind, value = self.keys()[name], getattr(self, name)
        if value is None:
            return []
        return [kind.print(one) for one in (value if most_of(kind) else (value,))]

    def link(self, *roles: str) -> str:
        """Print the canonical query string."""
        return print_pairs(self.pairs(*roles))


def _parsed_each(kind: Kind, name: str, texts: list[str], notes: list[Sentence] | None) -> tuple[Any, ...]:
    found = []
    for text in texts:
        with noting(notes):
            found.append(kind.parse(name, text, Context(notes=notes)))
    return tuple(found)


def _used(at: At) -> str:
    return LEFT_OPEN if at.default is None else at.kind.print(at.default)


def _too_often(name: str, most: int, count: int) -> Mistake:
    if most == 1:
        return Mistake(N_("{name} is given more than once; expected it once"), name=name)
    return Mistake(N_("{name} may be given at most {most} times, got {count}"), name=name, most=most, count=count)


@functools.cache
def _ats(model: type[LabQuery]) -> Mapping[str, At]:
    ats: dict[str, At] = {field.name: field.metadata["at"] for field in dataclasses.fields(model)}  # type: ignore[arg-type]
    names = sorted(_declared(model), key=lambda name: _ROLES.index(ats[name].role))
    for name in tuple(names):
        if (following := ats[name].before) in names:
            names.remove(name)
            names.insert(names.index(following), name)
    return {name: ats[name] for name in names}


_ROLES = ("query", "page", "api")


def _declared(model: type[LabQuery]) -> dict[str, None]:
    """Return the names of all fields: those of the bases as they are listed, and the model's own before the last."""
    fields = {field.name for field in dataclasses.fields(model)}
    own = [name for name in vars(model).get("__annotations__", {}) if name in fields]
    bases = [base for base in model.__bases__ if issubclass(base, LabQuery)]
    first = [name for base in bases if not base.comes_last for name in _declared(base)]
    last = [name for base in bases if base.comes_last for name in _declared(base)]
    return dict.fromkeys([*first, *(name for name in own if name not in last), *last])


@functools.cache
def _keys(model: type[LabQuery], roles: tuple[str, ...]) -> Mapping[str, Kind]:
    return {name: at.kind for name, at in _ats(model).items() if not roles or at.role in roles}


def most_of(kind: Kind) -> int:
    """How often a key may be repeated; 0 for one that may not."""
    return kind.most if isinstance(kind, Component) else 0


def read_pairs(query_string: str, notes: list[Sentence] | None = None) -> Pairs:
    """Decode a query string; parts without a value are kept, so that they can be complained about.

    Raises:
        Mistake: there are more pairs than any page writes, if no notes are taken; otherwise the first ones are read.
    """
    count = query_string.count("&") + 1
    if count > MOST_PAIRS:
        with noting(notes):
            raise Mistake(N_("the query has {count} keys; expected at most {most}"), count=count, most=MOST_PAIRS)
        query_string = "&".join(query_string.split("&", MOST_PAIRS)[:MOST_PAIRS])
    return parse_qsl(query_string, keep_blank_values=True)


def print_pairs(pairs: Pairs) -> str:
    """Encode pairs as links write them: `:`, `,` and `@` readable."""
    return "&".join(f"{_quoted(name)}={_quoted(text)}" for name, text in pairs)


def _quoted(text: str) -> str:
    # Almost everything that links hold is written as it is, and seeing that is ten times as fast as `quote`.
    return text if PLAIN.fullmatch(text) else quote(text, safe=":,@")
