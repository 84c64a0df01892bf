"""Declarations of everything that a visitor can set: one record each, from which controls, links and checks derive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number with the range that is accepted and the narrower one that its slider covers, both inclusive.

    `default=None` means that the value is decided elsewhere: by a shared slider, or by the run's own record.
    `shared` names the shared slider that drives this number in every run that does not set its own. `is_rate` says
    that it is a learning rate: schedules multiply it, and relative rates divide it by λ_max.
    """

    name: str
    title: str
    default: float | None
    low: float
    high: float
    slider: tuple[float, float]
    symbol: str = ""
    scale: Literal["linear", "log", "one_minus_log"] = "linear"
    is_integer: bool = False
    shared: str = ""
    is_rate: bool = False
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several named options (value → title).

    With `depends_on`, the name of an earlier choice, `options` and `default` are first keyed by that choice's value.
    An option may bring parameters of its own, which exist only while it is chosen.
    """

    name: str
    title: str
    options: Mapping[str, str] | Mapping[str, Mapping[str, str]]
    default: str | Mapping[str, str]
    depends_on: str = ""
    brings: Mapping[str, tuple["Parameter", ...]] = field(default_factory=dict)
    symbol: str = ""
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Flag:
    """Yes or no; `true` or `false` in links."""

    name: str
    title: str
    default: bool
    symbol: str = ""
    help: str = ""


class Moment(NamedTuple):
    """The state that run number `run` has before its update `step`; runs count from 1, as people do, steps from 0."""

    run: int
    step: int


@dataclass(frozen=True, kw_only=True)
class Fork:
    """A moment of another run from which a run goes on, `run@step` in links; None for one that begins at the start."""

    name: str
    title: str
    most_runs: int
    most_steps: int
    default: None = None
    symbol: str = ""
    help: str = ""


Parameter = Number | Choice | Flag | Fork
