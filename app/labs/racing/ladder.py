"""A ladder: the same race for many values of one number, so that its slider can be dragged without asking again."""

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, Self

import numpy as np

from app.labs.base import Translate
from app.labs.racing.answer import answer
from app.labs.racing.keys import Raced
from app.labs.racing.types import LadderAnswer, RunFacts, Rung, SurfaceFacts
from app.numerics.runs.spec import rows_for
from app.runtime.programs import Programs
from app.schema.kinds import Address, Component, Kind, Number, Numbers, Picked, open_parameters
from app.schema.messages import N_, Mistake
from app.schema.query import Pairs
from app.schema.text import number_text, unknown

MOST_VALUES = 64
MOST_ROWS = 250_000  # of all runs of all rungs: 12 bytes each, and a third more in base64, are 4 MB
MOST_WORK = 32_000_000  # half a second of gradient descent: some 13 ns for each number that a row looks at
LEAST_WORK = 100  # … numbers that a row costs on a surface without data
LENGTH = "steps"  # the one number that cannot vary: all paths of a ladder are as long
FACTS = tuple(field.name for field in dataclasses.fields(RunFacts))  # paths come as arrays of all rungs

VARY = Address(
    title=N_("Number that varies"),
    default="learning_rate",
    help=N_("A key, a number of a component as in surface.kappa, or of a run as in run.2.beta1."),
)
VALUES = Numbers(
    title=N_("Its values"),
    parts=("value",),
    low=-1e12,
    high=1e12,
    most=MOST_VALUES,
    may_be_absent=True,
    help=N_("One race is answered for each; without any there is none."),
)


class Laddered(Raced, Protocol):
    """A query for a ladder, which is read again with each value in its place."""

    @property
    def vary(self) -> str: ...
    @property
    def values(self) -> tuple[float, ...]: ...
    @classmethod
    def read(cls, pairs: Pairs) -> Self: ...
    @classmethod
    def keys(cls, *roles: str) -> Mapping[str, Kind]: ...
    def pairs(self, *roles: str) -> Pairs: ...
    def link(self, *roles: str) -> str: ...


def ladder(query: Laddered, programs: Programs, translate: Translate) -> LadderAnswer:
    """Answer the races of all values; rung i of `params` and `gap` belongs to value i.

    The races run one after the other, in the programs that single ones have: nothing has to be compiled when a slider
    is grabbed, and a rung is what a single request answers, to the last bit.
    """
    most = most_values(query)
    if len(query.values) > most:
        template = N_(
            "{count} values are too many for {runs} runs of {steps} steps on {surface}; expected at most {most}"
        )
        length = {"runs": len(query.run), "steps": query.steps, "surface": query.surface.name}
        raise Mistake(template, count=len(query.values), most=most, **length)
    params = np.empty((len(query.values), len(query.run), query.steps + 1, 2))
    gap = np.empty(params.shape[:3])
    rungs: list[Rung] = []
    first: SurfaceFacts | None = None
    for index, rung in enumerate(rungs_of(query)):
        found = answer(rung, programs, translate)
        for at, run in enumerate(found.runs):
            params[index, at], gap[index, at] = run.params, run.gap
        first = first or found.surface
        rungs.append(
            Rung(
                query=rung.link("query"),
                surface=None if rungs and found.surface == first else found.surface,
                takeaway=found.takeaway,
                notes=found.notes,
                # A client adds `lowest` to the gap: as 32 bits, the loss alone would have lost a small one.
                runs=[RunFacts(**{name: getattr(run, name) for name in FACTS}) for run in found.runs],
            )
        )
    return LadderAnswer(vary=query.vary, values=list(query.values), ladder=most, params=params, gap=gap, rungs=rungs)


def most_values(query: Raced) -> int:
    """Return how many values a ladder of this race may have: what is quick enough to compute, and to send."""
    runs = len(query.run)
    numbers = LEAST_WORK + sum(array.size for array in query.problem.arrays.values())
    by_work = MOST_WORK // (runs * rows_for(query.steps) * numbers)
    return max(1, min(MOST_VALUES, MOST_ROWS // (runs * (query.steps + 1)), by_work))


def rungs_of(query: Laddered) -> Iterator[Laddered]:
    """Yield the query of each value.

    Raises:
        Mistake: there is no such number, or a value is none for it.
    """
    numbers = _numbers(query)
    if query.vary not in numbers:
        raise unknown("number", query.vary, numbers)
    name = query.vary.partition(".")[0]
    kept = [pair for pair in query.pairs("query") if pair[0] != name]
    for value in query.values:
        # Reading what was printed is what checks the value.
        yield query.read([*kept, *((name, text) for text in numbers[query.vary](value))])


Printed = Callable[[float], list[str]]  # the texts of a key with another value in the place of one of its numbers


def _numbers(query: Laddered) -> dict[str, Printed]:
    """Return every number that may vary, by its name."""
    found: dict[str, Printed] = {}
    for name, kind in query.keys("query").items():
        if isinstance(kind, Number) and name != LENGTH:
            found[name] = lambda value: [number_text(value)]
        if not isinstance(kind, Component):
            continue
        held = getattr(query, name)
        for at, one in enumerate(held if kind.most else (held,)):
            prefix = f"{name}.{at + 1}" if kind.most else name
            for parameter in open_parameters(one.entry.parameters, one.values):
                if isinstance(parameter, Number):
                    printed = functools.partial(_printed, held if kind.most else (held,), at, parameter.name)
                    found[f"{prefix}.{parameter.name}"] = printed
    return found


def _printed(components: tuple[Picked, ...], at: int, name: str, value: float) -> list[str]:
    one = components[at]
    replaced = Picked(one.entry, {**one.values, name: value})
    return [component.text for component in (*components[:at], replaced, *components[at + 1 :])]
