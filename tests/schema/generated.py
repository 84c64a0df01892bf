"""Requests made from the declarations of all keys: ordinary values, the ends of every range, and nonsense."""

import random
from urllib.parse import quote

from app.labs import LABS
from app.schema.kinds import (
    Choice,
    Component,
    Flag,
    Fork,
    Names,
    Number,
    Numbers,
    OwnRows,
    Points,
    default_of,
    options_of,
)
from app.schema.kinds.rows import pack
from app.schema.text import number_text

TINY = (5e-324, 1e-310, 1e-300, 1e-12, 1e-6)
NONSENSE = ("", "é", "nan", "1e999", "-0", "0x1", "1_0", "٣", "\x00", "a:b", ",", "🙂", "'\"<>", "1" * 50)
TABLES = (
    "1,1,1\n1,1,1",
    "0,0,0",
    "1e-310,0,1\n0,1e-310,1",
    "1e-60,0,1\n0,1e-60,1",
    "1e9,-1e9,1e9\n-1e9,1e9,1e-9\n1,2,3",
    "a,b,c\n1,2,3\n4,5,6\n7,8,10",
    "1,2,3\n1,2,4",
)
RARELY = 0.04  # how often a value is nonsense
# Each pair of a surface and an optimizer is a program of its own, which takes a second to compile.
FAMILIAR = {"surface": 3, "run": 3, "scaler": 99, "series": 99, "strategy": 99}


class Requests:
    """An endless sequence of addresses, the same for the same seed.

    Args:
        entries: draws surfaces and optimizers from all there are, rather than from the first few.
    """

    def __init__(self, seed: int, *, entries: bool = False) -> None:
        self.random = random.Random(seed)  # noqa: S311, nothing is secret here
        self.draws_all = entries

    def next(self) -> str:
        """Return the path and query of the next request."""
        lab = self.random.choice(LABS)
        served = self.random.choice((*lab.computations, *lab.computations, *lab.computations, *lab.streams))
        pairs = []
        for name, kind in served.query.keys().items():
            if name in ("lang", "story", "hide", "embed") or self.random.random() > self._share(name):
                continue
            texts = [self.text(name, kind) for _ in range(self.random.choice((1, 1, 2)) if _is_repeated(kind) else 1)]
            pairs += [(name, text) for text in texts]
        if "steps" in served.query.ats() and "steps" not in dict(pairs):
            pairs.append(("steps", "20"))
        if served in lab.streams:
            pairs = [pair for pair in pairs if pair[0] not in ("cells", "steps")] + [("cells", "64"), ("steps", "5")]
        query = "&".join(f"{name}={quote(text, safe=':,@')}" for name, text in pairs)
        return f"/api/{served.name}?{query}"

    def _share(self, name: str) -> float:
        return 0.7 if name in ("surface", "run") else 0.25

    def text(self, name: str, kind: object) -> str:
        """Return the text of one value, now and then one that is none."""
        return self.random.choice(NONSENSE) if self.random.random() < RARELY else self._proper(name, kind)

    def _proper(self, name: str, kind: object) -> str:
        match kind:
            case Component():
                return self._component(name, kind)
            case Numbers(parts=parts):
                return self._numbers(kind, self.random.randint(1, 3) if kind.most else len(parts))
            case Points():
                count = self.random.randint(0, 3)
                return ",".join(f"{self._between(kind)}:{self._between(kind)}" for _ in range(count))
            case Names():
                return self.random.choice(list(kind.options()))
            case OwnRows():
                return pack(self.random.choice(TABLES))
            case _:
                return self._scalar(kind, {}) or ""

    def _component(self, name: str, kind: Component) -> str:
        entries = list(kind.entries.values())
        if not self.draws_all:
            entries = entries[: FAMILIAR.get(name, len(entries))]
        entry = self.random.choice(entries)
        words, values = [entry.name], {}
        parameters = list(entry.parameters)
        while parameters:
            parameter = parameters.pop(0)
            values[parameter.name] = default_of(parameter, values)
            if self.random.random() < 0.4 and (text := self._scalar(parameter, values)):
                words.append(f"{parameter.name}:{text}")
                values[parameter.name] = text
            if isinstance(parameter, Choice):
                parameters = [*parameter.brings.get(str(values[parameter.name]), ()), *parameters]
        return ",".join(words)

    def _scalar(self, parameter: object, values: dict) -> str | None:
        match parameter:
            case Flag():
                return self.random.choice(("true", "false"))
            case Fork():
                return self.random.choice(("1@0", "1@5", "1@2000")) if self.random.random() < 0.3 else None
            case Choice():
                options = (
                    options_of(parameter, values) if parameter.depends_on in values or not parameter.depends_on else {}
                )
                return self.random.choice(list(options)) if options else None
            case Number(name="steps" | "n" | "cells" | "seeds" | "epochs", low=low, slider=(first, _)):
                return number_text(self.random.choice((low, first, 20)))
            case Number(is_integer=True, low=low, high=high, slider=(first, last)):
                return number_text(self.random.choice((low, high, first, last, low + 1, (first + last) // 2)))
            case Number():
                return self._number(parameter.low, parameter.high, parameter.slider)
        return None

    def _number(self, low: float, high: float, slider: tuple[float, float]) -> str:
        ends = (low, high, *slider, (slider[0] + slider[1]) / 2, self.random.uniform(*slider))
        near = [low + tiny for tiny in TINY] + [high - tiny for tiny in TINY]
        return number_text(
            self.random.choice([*ends, *ends, *near, 0.0] if low <= 0 <= high else [*ends, *ends, *near])
        )

    def _between(self, kind: Points | Numbers) -> str:
        return self._number(kind.low, kind.high, (-3.0, 3.0))

    def _numbers(self, kind: Numbers, count: int) -> str:
        if count != 4 or self.random.random() < 0.2:
            return ",".join(self._between(kind) for _ in range(count))
        # A rectangle, some of which have hardly an inside.
        x, y = self.random.uniform(-3, 3), self.random.choice((0.0, 0.1, 1.0, -2.0, 1e8))
        width, height = (self.random.choice((1.0, 1e-3, 1e-12, 5e-324, 1e-16, 1e9)) for _ in range(2))
        return ",".join(number_text(edge) for edge in (x, x + width, y, y + height))


def _is_repeated(kind: object) -> bool:
    return isinstance(kind, Component) and kind.most > 1
