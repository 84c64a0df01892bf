"""The base of every lab's query: a pydantic model whose fields carry their key, read from a link and printed as one."""

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any, Self
from urllib.parse import parse_qsl, quote

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import core_schema

from app.schema.kinds import Component, Kind, noting, parse, print_value, used_text
from app.schema.messages import Mistake, Sentence
from app.schema.text import unknown

PLAIN = re.compile(r"[A-Za-z0-9_.\-~:,@]*", re.ASCII)
PREFIX = "vs."  # keys of the second panel
Pairs = list[tuple[str, str]]


class At:
    """What a field of a query model is made of: its key's kind, where its control stands, and what it is for."""

    def __init__(self, kind: Kind, group: str, role: str) -> None:
        self.kind = kind
        self.group = group
        self.role = role

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        def validate(raw: str | list[str], info: core_schema.ValidationInfo) -> object:
            name = str(info.field_name)
            if isinstance(raw, str):
                return parse(self.kind, name, raw, info.context)
            picked = []
            for text in raw:
                with noting(info.context):
                    picked.append(parse(self.kind, name, text, info.context))
            return tuple(picked)

        return core_schema.with_info_plain_validator_function(validate)


def key(kind: Kind, *, default: Any = ..., group: str = "", role: str = "query") -> Any:
    """Declare a field of a query model: `steps: int = key(STEPS, group="path")`.

    Without a `default`, the kind's own is taken. `group` names the group of controls on the page ("" = none). `role`
    is "query" for what shapes the answer, "page" for how it is shown, "api" for what is answered.
    """
    field = FieldInfo(default=getattr(kind, "default", None) if default is ... else default)
    field.metadata.append(At(kind, group, role))
    return field


class LabQuery(BaseModel):
    """What a lab computes and shows. Frozen; equal queries print equal links.

    Validation context: None raises at the first mistake; a list takes notes and goes on with defaults.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def check(self, notes: list[Sentence] | None) -> Self:
        """Check what concerns several keys at once, and return the query, mended if notes are taken; labs override."""
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
                query = self.model_copy(update=instead)
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
        """Return what each field is made of, in the order of links."""
        return _ats(cls)

    @classmethod
    def read(cls, pairs: Pairs, notes: list[Sentence] | None = None) -> Self:
        """Read a query from decoded pairs.

        Raises:
            Mistake: the first one, if no notes are taken.
        """
        raw: dict[str, Any] = {}
        keys = cls.keys()
        for name, text in pairs:
            with noting(notes):
                if name not in keys:
                    raise unknown("key", name, keys)
                if most := most_of(keys[name]):
                    texts = raw.setdefault(name, [])
                    if len(texts) == most:
                        template = "{name} may be given at most {most} times, got {count}"
                        raise Mistake(template, name=name, most=most, count=[key for key, _ in pairs].count(name))
                    texts.append(text)
                elif name in raw:
                    raise Mistake("{name} is given more than once; expected it once", name=name)
                else:
                    raw[name] = text
        return cls._validated(raw, notes)

    @classmethod
    def _validated(cls, raw: dict[str, Any], notes: list[Sentence] | None) -> Self:
        while True:
            before = [] if notes is None else list(notes)
            try:
                query = cls.model_validate(raw, context=notes)
            except ValidationError as failure:
                mistakes = {str(e["loc"][0]): e["ctx"]["error"] for e in failure.errors() if "ctx" in e}
                if len(mistakes) != failure.error_count():
                    raise  # not a visitor's mistake: a bug of ours
                if notes is None:
                    raise next(iter(mistakes.values())) from None
                # Notes of this round are taken again in the next one.
                notes[:] = before
                for name, mistake in mistakes.items():
                    with noting(notes, used=cls._used(name)):
                        raise mistake from None
                    del raw[name]
                continue
            return query._without_empty_races().check(notes)

    def _without_empty_races(self) -> Self:
        repeated = (name for name, kind in self.keys().items() if most_of(kind))
        empty = {name: type(self).model_fields[name].default for name in repeated if not getattr(self, name)}
        return self.model_copy(update=empty) if empty else self

    @classmethod
    def _used(cls, name: str) -> str:
        default = cls.model_fields[name].default
        return used_text(None) if default is None else print_value(cls.keys()[name], default)

    def pairs(self, *roles: str) -> Pairs:
        """Return the canonical pairs: order of declaration, defaults left out."""
        found: Pairs = []
        fields = type(self).model_fields
        for name in self.keys(*roles):
            if getattr(self, name) != fields[name].default:
                found.extend((name, text) for text in self.texts(name))
        return found

    def texts(self, name: str) -> list[str]:
        """Print each value of the key `name`: none for one that is unset, several for one that may be repeated."""
        kind, value = self.keys()[name], getattr(self, name)
        if value is None:
            return []
        return [print_value(kind, one) for one in (value if most_of(kind) else (value,))]

    def link(self, *roles: str) -> str:
        """Print the canonical query string."""
        return print_pairs(self.pairs(*roles))


@functools.cache
def _ats(model: type[LabQuery]) -> Mapping[str, At]:
    found = {}
    for name, field in model.model_fields.items():
        (found[name],) = (item for item in field.metadata if isinstance(item, At))
    return found


@functools.cache
def _keys(model: type[LabQuery], roles: tuple[str, ...]) -> Mapping[str, Kind]:
    return {name: at.kind for name, at in _ats(model).items() if not roles or at.role in roles}


def most_of(kind: Kind) -> int:
    """How often a key may be repeated; 0 for one that may not."""
    return kind.most if isinstance(kind, Component) else 0


def read_pairs(query_string: str) -> Pairs:
    """Decode a query string; parts without a value are kept, so that they can be complained about."""
    return parse_qsl(query_string, keep_blank_values=True)


def print_pairs(pairs: Pairs) -> str:
    """Encode pairs as links write them: `:`, `,` and `@` readable."""
    return "&".join(f"{_quoted(name)}={_quoted(text)}" for name, text in pairs)


def _quoted(text: str) -> str:
    # Almost everything that links hold is written as it is, and seeing that is ten times as fast as `quote`.
    return text if PLAIN.fullmatch(text) else quote(text, safe=":,@")
