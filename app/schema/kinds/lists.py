"""Kinds that hold several values with commas between them, and the name of a number."""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.schema.kinds.base import ALONE, Context, Translate, words
from app.schema.messages import N_, Mistake
from app.schema.text import NUMBER, echo, number_text, parse_number, unknown

_ADDRESS = r"[a-z0-9_]+(\.[a-z0-9_]+){0,2}"


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

    def parse(self, name: str, text: str, _context: Context = ALONE) -> tuple[float, ...]:
        """Read the numbers; how many there are is looked at before any is read."""
        count = text.count(",") + 1
        if self.most and count > self.most:
            template = N_("{name} may be at most {most} numbers, got {count}")
            raise Mistake(template, name=name, most=self.most, count=count)
        if not self.most and count != len(self.parts):
            template = N_("{name} must be {count} numbers, {parts}; got {value}")
            raise Mistake(template, name=name, count=len(self.parts), parts=",".join(self.parts), value=echo(text))
        return tuple(
            parse_number(f"{name} {part}", word, low=self.low, high=self.high)
            for part, word in zip(itertools.cycle(self.parts), text.split(","))
        )

    def print(self, value: tuple[float, ...]) -> str:
        """Print the numbers."""
        return ",".join(map(number_text, value))

    def declare(self, name: str, default: Any, translate: Translate) -> dict[str, Any]:
        """Return the control's declaration."""
        limits = {"parts": self.parts, "low": self.low, "high": self.high, "mayBeAbsent": self.may_be_absent}
        return {"kind": "numbers", "name": name, **words(self, translate), **limits, "default": default}

    def describe(self) -> dict[str, Any]:
        """Return the schema."""
        repeated = f"{NUMBER}(,{NUMBER}){{0,{self.most - 1}}}"
        return {"type": "string", "pattern": f"^{repeated if self.most else ','.join([NUMBER] * len(self.parts))}$"}


@dataclass(frozen=True, kw_only=True)
class Points:
    """Points of a plane, `x:y` with commas between them, at most so many; each number in [low, high]."""

    title: str
    most: int
    low: float
    high: float
    help: str = ""

    def parse(self, name: str, text: str, _context: Context = ALONE) -> tuple[tuple[float, float], ...]:
        """Read the points; no text is none."""
        count = text.count(",") + 1
        if count > self.most:
            raise Mistake(N_("{name} holds at most {most} points, got {count}"), name=name, most=self.most, count=count)
        return tuple(self._point(name, word) for word in text.split(",")) if text else ()

    def _point(self, name: str, word: str) -> tuple[float, float]:
        x, colon, y = word.partition(":")
        if not colon:
            raise Mistake(N_("{name} must be points x:y, such as 0.1:0.9, got {value}"), name=name, value=echo(word))
        return (
            parse_number(f"{name} x", x, low=self.low, high=self.high),
            parse_number(f"{name} y", y, low=self.low, high=self.high),
        )

    def print(self, value: tuple[tuple[float, float], ...]) -> str:
        """Print the points."""
        return ",".join(f"{number_text(x)}:{number_text(y)}" for x, y in value)

    def declare(self, name: str, default: Any, translate: Translate) -> dict[str, Any]:
        """Return the control's declaration."""
        limits = {"most": self.most, "low": self.low, "high": self.high}
        return {"kind": "points", "name": name, **words(self, translate), **limits, "default": default}

    def describe(self) -> dict[str, Any]:
        """Return the schema."""
        point = f"{NUMBER}:{NUMBER}"
        return {"type": "string", "pattern": f"^({point}(,{point}){{0,{self.most - 1}}})?$"}


@dataclass(frozen=True, kw_only=True)
class Names:
    """A set of names from a fixed list, with commas between them."""

    title: str
    options: Callable[[], Mapping[str, str]]
    help: str = ""

    def parse(self, name: str, text: str, _context: Context = ALONE) -> tuple[str, ...]:
        """Read the names, each at most once, into the order in which they are declared."""
        options = self.options()
        words: set[str] = set()
        for word in text.split(","):
            if word not in options:
                raise unknown(name, word, options)
            if word in words:
                template = N_("{name} names {value} more than once; expected it once")
                raise Mistake(template, name=name, value=echo(word))
            words.add(word)
        return tuple(option for option in options if option in words)

    def print(self, value: tuple[str, ...]) -> str:
        """Print the names."""
        return ",".join(value)

    def declare(self, name: str, default: tuple[str, ...], translate: Translate) -> dict[str, Any]:
        """Return the control's declaration."""
        options = {option: translate(title) for option, title in self.options().items()}
        return {"kind": "names", "name": name, **words(self, translate), "options": options, "default": list(default)}

    def describe(self) -> dict[str, Any]:
        """Return the schema."""
        names = "|".join(self.options())
        return {"type": "string", "pattern": f"^({names})(,({names}))*$"}


@dataclass(frozen=True, kw_only=True)
class Address:
    """The name of a number of the query: a key, a component's `surface.kappa`, or a repeated one's `run.2.beta1`.

    Whether there is such a number is for the rest of the query to tell.
    """

    title: str
    default: str
    help: str = ""

    def parse(self, name: str, text: str, _context: Context = ALONE) -> str:
        """Read the name."""
        if not re.fullmatch(_ADDRESS, text, re.ASCII):
            template = N_("{name} must be the name of a number, such as run.2.beta1, got {value}")
            raise Mistake(template, name=name, value=echo(text))
        return text

    def print(self, value: str) -> str:
        """Print the name."""
        return value

    def declare(self, name: str, default: str, translate: Translate) -> dict[str, Any]:
        """Return the control's declaration."""
        return {"kind": "address", "name": name, **words(self, translate), "default": default}

    def describe(self) -> dict[str, Any]:
        """Return the schema."""
        return {"type": "string", "pattern": f"^{_ADDRESS}$"}
