"""What a map is over: any two numbers that shape a run, by the names that links give them."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from jaxtyping import Float

from app.labs.base import COORDINATE, START
from app.labs.racing.keys import MOST_RUNS, RUN_SCHEDULE, RUNS, Raced, fork_of
from app.numerics.clipping import CLIPS
from app.numerics.noise import NOISES
from app.numerics.penalties import PENALTIES
from app.numerics.problems.scalers import SCALERS
from app.numerics.problems.surfaces import SURFACES
from app.numerics.schedules import SCHEDULES
from app.schema.kinds import Choice, Component, Number, Numbers, Parameter, Picked, open_parameters
from app.schema.messages import N_, Mistake
from app.schema.scales import fits, values_at
from app.schema.text import number_text

AUTO = "auto"
COMPONENTS: Mapping[str, tuple[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "surface": (N_("Surface"), SURFACES),
        "scaler": (N_("Normalization"), SCALERS),
        "schedule": (N_("Schedule"), SCHEDULES),
        "clip": (N_("Gradient clipping"), CLIPS),
        "penalty": (N_("Weight penalty"), PENALTIES),
        "noise": (N_("Gradient noise"), NOISES),
    }
)
STARTS = ("start.x", "start.y")
# What a map is over where nobody chose: the first two of these that there are.
PREFERRED = ("learning_rate", "beta1", "surface.kappa", "noise.std", "clip.at", "beta2", "rho", *STARTS)
NARROWEST = 1e-9  # of the larger end: 512 values in between still differ
SMALLEST = 1e-290  # … also between ends next to zero
FINE = 0.01  # of a pixel: how exactly its number is written


def _numbers(parameters: tuple[Parameter, ...]) -> Iterator[Number]:
    for parameter in parameters:
        if isinstance(parameter, Number):
            yield parameter
        elif isinstance(parameter, Choice) and parameter is not RUN_SCHEDULE:
            for brought in parameter.brings.values():
                yield from _numbers(brought)


def _names() -> dict[str, str]:
    """Return every number that some run or component has, by its name in links, with its title."""
    names = {AUTO: N_("chosen by the lab")}
    for entry in RUNS.values():
        names |= {number.name: number.title for number in _numbers(entry.parameters)}
    for key, (_, entries) in COMPONENTS.items():
        for entry in entries.values():
            names |= {f"{key}.{number.name}": number.title for number in _numbers(entry.parameters)}
    return names | {STARTS[0]: N_("Start, x"), STARTS[1]: N_("Start, y")}


def _axis(name: str, title: str) -> Choice:
    return Choice(name=name, title=title, options=_names(), default=AUTO)


OF_RUN = Number(
    name="run",
    title=N_("Of optimizer number"),
    default=1,
    low=1,
    high=MOST_RUNS,
    slider=(1, MOST_RUNS),
    is_integer=True,
)
SHOW = Choice(
    name="show",
    title=N_("Color shows"),
    options={"loss": N_("loss at the end"), "steps": N_("steps to tolerance"), "outcome": N_("outcome")},
    default="loss",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class MapEntry:
    """A kind of map, as the key `map` takes it."""

    name: str
    title: str
    about: str = ""
    parameters: tuple[Parameter, ...] = ()


MAPS: Mapping[str, MapEntry] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            MapEntry(name="none", title=N_("none")),
            MapEntry(
                name="stability",
                title=N_("over two numbers"),
                about=N_(
                    "Every pixel is a run with its own two numbers: where it settles, how fast, where it diverges."
                ),
                parameters=(_axis("x", N_("x-axis")), _axis("y", N_("y-axis")), SHOW, OF_RUN),
            ),
            MapEntry(
                name="basins",
                title=N_("over start points"),
                about=N_(
                    "Every pixel is a run that starts there: its hue is where it ends, lighter the longer it took."
                ),
                parameters=(OF_RUN,),
            ),
        )
    }
)
MAP = Component(title=N_("Map"), entries=MAPS, help=N_("A run for every pixel, beside the paths."))
MAP_VIEW = Numbers(
    title=N_("Range of the map"),
    parts=("x0", "x1", "y0", "y1"),
    low=-COORDINATE,
    high=COORDINATE,
    may_be_absent=True,
)
MAP_CELLS = Number(
    name="cells",
    title=N_("Cells a side, at most"),
    default=512,
    low=64,
    high=512,
    slider=(64, 512),
    is_integer=True,
)


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One side of a map: the number that changes along it, and its value in every column or row."""

    name: str
    number: Number
    values: Float[np.ndarray, " cells"]
    scale: str  # of the number, unless the range does not fit it


def run_of(query: Raced, number: int) -> Picked:
    """Return the run that a map is of.

    Raises:
        Mistake: there is no such run, or it is forked from another.
    """
    if number > len(query.run):
        raise Mistake(
            N_("map run {number} does not exist; expected at most {count}"), number=number, count=len(query.run)
        )
    run = query.run[number - 1]
    if fork_of(run):
        raise Mistake(N_("run {number} is forked from another; expected a run from a start of its own"), number=number)
    return run


def numbers_of(query: Raced, run: Picked) -> dict[str, Number]:
    """Return the numbers that shape this run here, by name: what a map of it may be over."""
    found: dict[str, Number] = {}
    for parameter in open_parameters(run.entry.parameters, run.values):
        if isinstance(parameter, Number):
            found[parameter.name] = parameter
    own = {brought.name for brought in _brought(run)}
    schedule = {f"schedule.{name}": found.pop(name) for name in list(found) if name in own}
    for key in COMPONENTS:
        if key == "schedule" and (schedule or run.values.get(RUN_SCHEDULE.name, "shared") != "shared"):
            found |= schedule
        elif key != "schedule" or any(number.is_rate for number in found.values()):
            found |= _component(query, key)
    domain = query.problem.domain
    for name, title, (low, high) in zip(STARTS, (N_("Start, x"), N_("Start, y")), domain, strict=True):
        found[name] = Number(
            name=name, title=title, default=None, low=START.low, high=START.high, slider=(low, high), symbol="θ₀"
        )
    return found


def _brought(run: Picked) -> tuple[Parameter, ...]:
    return RUN_SCHEDULE.brings.get(str(run.values.get(RUN_SCHEDULE.name)), ())


def _component(query: Raced, key: str) -> dict[str, Number]:
    picked = getattr(query, key, None)
    if not isinstance(picked, Picked):
        return {}
    parameters = open_parameters(picked.entry.parameters, picked.values)
    return {f"{key}.{number.name}": number for number in parameters if isinstance(number, Number)}


def axes_of(query: Raced, run: Picked, picked: Picked) -> tuple[str, str]:
    """Return the names of a map's two numbers; what is left open is chosen.

    Raises:
        Mistake: this run has no such number here, or both are the same.
    """
    if picked.name == "basins":
        return STARTS
    numbers = numbers_of(query, run)
    chosen = [picked.values["x"], picked.values["y"]]
    for side, name in zip("xy", chosen, strict=True):
        if name != AUTO and name not in numbers:
            template = N_("map {side} {name} is no number of {run} here; expected one of {expected}")
            raise Mistake(template, side=side, name=name, run=run.name, expected=", ".join(numbers))
    free = [name for name in PREFERRED if name in numbers and name not in chosen]
    names = [free.pop(0) if name == AUTO else name for name in chosen]
    if names[0] == names[1]:
        raise Mistake(N_("both sides of the map are {name}; expected two numbers"), name=names[0])
    return names[0], names[1]


def range_of(name: str, number: Number, limits: tuple[float, float] | None) -> tuple[float, float, str]:
    """Return where a side begins and ends, and its scale: the number's own, unless the range does not fit it.

    Raises:
        Mistake: the number has no such values.
    """
    low, high = limits or number.slider
    low, high = max(low, number.low), min(high, number.high)
    if not low < high:
        template = N_("the range of {name} is empty; expected a part of {low} to {high}")
        raise Mistake(template, name=name, low=number_text(number.low), high=number_text(number.high))
    if high - low < max(NARROWEST * max(abs(low), abs(high)), SMALLEST):
        template = N_("the range of {name} is too narrow, {first} to {last}; expected one that holds different numbers")
        raise Mistake(template, name=name, first=number_text(low), last=number_text(high))
    return low, high, number.scale if fits(number.scale, low, high) else "linear"


def axis(name: str, number: Number, limits: tuple[float, float] | None, cells: int) -> Axis:
    """Return the number's values in the middle of each cell, spaced as its slider is, written in few digits."""
    low, high, scale = range_of(name, number, limits)
    middles = values_at(scale, low, high, (np.arange(cells) + 0.5) / cells)
    if number.is_integer:
        values = np.unique(np.clip(np.rint(middles), number.low, number.high))
    else:
        # An end of a scale such as 1 − β is finer than its beginning: each number has digits of its own.
        widths = np.abs(np.gradient(middles)) if cells > 1 else np.array([high - low])
        values = np.array([_short(value, width) for value, width in zip(middles.tolist(), widths, strict=True)])
    return Axis(name=name, number=number, values=values, scale=scale)


def _short(value: float, width: float) -> float:
    return round(value, max(0, -math.floor(math.log10(width * FINE))))
