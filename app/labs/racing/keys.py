"""The keys of a race: which optimizers run, with which values, and what is answered of each."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Protocol

from app.numerics.optimizers import OPTIMIZERS
from app.numerics.optimizers.hyperparameters import BETA1, BETA2, LEARNING_RATE
from app.numerics.optimizers.record import Optimizer
from app.numerics.problems import evaluate
from app.numerics.problems.surfaces.record import Problem
from app.numerics.runs.spec import MOST_STEPS
from app.numerics.runs.step import Conditions
from app.numerics.schedules import SCHEDULES
from app.schema.kinds import Choice, Component, Fork, Moment, Names, Number, Parameter, Picked, pick
from app.schema.messages import N_, Mistake, Sentence, noting
from app.schema.query import LabQuery, key

MOST_RUNS = 8

RUN_SCHEDULE = Choice(
    name="schedule",
    title=N_("Its own schedule"),
    options={"shared": N_("as all runs")} | {name: schedule.title for name, schedule in SCHEDULES.items()},
    default="shared",
    brings={name: schedule.parameters for name, schedule in SCHEDULES.items()},
)

FORK = Fork(
    name="fork",
    title=N_("Forked from"),
    most_runs=MOST_RUNS,
    most_steps=MOST_STEPS,
    help=N_("The path and the averages of another run up to a step, and its own values from there."),
)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class RunEntry:
    """An optimizer as the key `run` takes it: what a shared slider drives is left to it unless given."""

    optimizer: Optimizer
    name: str
    title: str
    parameters: tuple[Parameter, ...]


def _run_entry(optimizer: Optimizer) -> RunEntry:
    own = tuple(
        dataclasses.replace(parameter, default=None)
        if isinstance(parameter, Number) and parameter.shared
        else parameter
        for parameter in optimizer.hyperparameters
    )
    return RunEntry(
        optimizer=optimizer,
        name=optimizer.name,
        title=optimizer.title,
        parameters=(*own, RUN_SCHEDULE, FORK) if optimizer.learning_rate else (*own, FORK),
    )


RUNS: Mapping[str, RunEntry] = {name: _run_entry(optimizer) for name, optimizer in OPTIMIZERS.items()}


RUN = Component(
    title=N_("Optimizers"),
    entries=RUNS,
    most=MOST_RUNS,
    one=N_("Optimizer"),
    adds=N_("Add an optimizer"),
)
RATE = Choice(
    name="rate",
    title=N_("Learning rates are"),
    options={"absolute": N_("absolute: η"), "relative": N_("relative: η = value / λ_max")},
    default="absolute",
    help=N_("Relative rates are divided by the largest Hessian eigenvalue of the panel's own surface."),
)
FIELDS = Names(
    title=N_("What is answered besides the path"),
    options=lambda: {
        "grads": N_("gradients"),
        "updates": N_("updates"),
        "learning_rate": N_("learning rate of each step"),
        "state": N_("what the optimizer keeps"),
    },
)
NO_FAN = "none"
FAN = Choice(
    name="fan",
    title=N_("Fan: all values at once"),
    options={NO_FAN: N_("none")} | {number.name: number.title for number in (LEARNING_RATE, BETA1, BETA2)},
    default=NO_FAN,
)


class RaceKeys(LabQuery):
    """Which optimizers run, and the shared sliders: for every run that has one and does not set its own."""

    run: tuple[Picked, ...] = key(RUN, default=(pick(RUNS["gd"]),), group="runs")
    learning_rate: float | None = key(dataclasses.replace(LEARNING_RATE, default=None), group="main")
    beta1: float | None = key(dataclasses.replace(BETA1, default=None), group="runs")
    beta2: float | None = key(dataclasses.replace(BETA2, default=None), group="runs")
    rate: str = key(RATE, group="main", shown_with="quadratic")


class Rated(Protocol):
    """A query that says what its learning rates are relative to; the shared sliders are keys of their own."""

    @property
    def rate(self) -> str: ...
    @property
    def surface(self) -> Picked: ...
    @property
    def problem(self) -> Problem: ...
    @property
    def conditions(self) -> Conditions: ...


class Raced(Rated, Protocol):
    """A query that asks for a race: what `entrants_of` and `answer` read of it."""

    @property
    def run(self) -> tuple[Picked, ...]: ...
    @property
    def schedule(self) -> Picked: ...
    @property
    def noise(self) -> Picked: ...
    @property
    def start(self) -> tuple[float, float] | None: ...
    @property
    def view(self) -> tuple[float, float, float, float] | None: ...
    @property
    def steps(self) -> int: ...
    @property
    def seed(self) -> int: ...
    @property
    def tolerance(self) -> float: ...
    @property
    def fields(self) -> tuple[str, ...]: ...


def check_fork(number: int, runs: Sequence[Picked], steps: int) -> None:
    """Check what run `number`, which counts from 1, is forked from.

    Raises:
        Mistake: it is no earlier run of the same optimizer, whose averages it could take over, or beyond the last step.
    """
    fork = fork_of(runs[number - 1])
    if fork is None:
        return
    if fork.run >= number:
        raise Mistake(
            N_("run {number} is forked from run {parent}; expected a run before it"), number=number, parent=fork.run
        )
    own, other = runs[number - 1].name, runs[fork.run - 1].name
    if own != other:
        template = N_("run {number}, {own}, is forked from run {parent}, {other}; expected the same optimizer")
        raise Mistake(template, number=number, own=own, parent=fork.run, other=other)
    if fork.step > steps:
        template = N_("run {number} is forked at step {step}; expected at most {steps}, the number of steps")
        raise Mistake(template, number=number, step=fork.step, steps=steps)


def fork_of(run: Picked) -> Moment | None:
    """Return the moment from which a run goes on, or None for one that begins at the start."""
    fork = run.values.get(FORK.name)
    return fork if isinstance(fork, Moment) else None


def check_rate(query: Rated) -> None:
    """Refuse relative rates where there is no λ_max.

    Raises:
        Mistake: the surface is no quadratic.
    """
    if query.rate == "relative" and evaluate.conditioned_hessian(query.problem, query.conditions) is None:
        template = N_("rate=relative needs a quadratic surface, and {surface} is none")
        raise Mistake(template, surface=query.surface.name)


def checked_forks(runs: tuple[Picked, ...], steps: int, notes: list[Sentence] | None) -> tuple[Picked, ...]:
    """Return the runs; where notes are taken, one that cannot be forked as it says begins at the start.

    Raises:
        Mistake: the first one, if no notes are taken.
    """
    for number in range(1, len(runs) + 1):
        with noting(notes, used=N_("a run of its own")):
            try:
                check_fork(number, runs, steps)
            except Mistake:
                run = runs[number - 1]
                own = Picked(run.entry, {**run.values, FORK.name: None})
                runs = (*runs[: number - 1], own, *runs[number:])
                raise
    return runs
