"""What Descent is asked: every key with its words, range and default."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Self

from app.labs.common import (
    AT,
    DTYPE,
    EMBED,
    LANG,
    NOISE,
    PENALTY,
    SCALER,
    SEED,
    START,
    STEPS,
    STORY,
    SURFACE,
    TOLERANCE,
    VIEW,
    check_view,
    hideable,
)
from app.numerics import landscape
from app.numerics.additions import CLIPS, NOISES, PENALTIES, conditions_of
from app.numerics.declare import Choice, Fork, Moment, Number, Parameter
from app.numerics.landscape import GRID_SIDES
from app.numerics.optimizers import OPTIMIZERS
from app.numerics.optimizers.hyperparameters import BETA1, BETA2, LEARNING_RATE
from app.numerics.optimizers.record import Optimizer
from app.numerics.race import MOST_STEPS
from app.numerics.scaling import SCALERS, Scaling
from app.numerics.schedules import SCHEDULES
from app.numerics.surfaces import SURFACES
from app.numerics.surfaces.record import Problem
from app.numerics.trajectory import Conditions
from app.numerics.words import N_, Mistake, Sentence
from app.query.keys import Component, Names, Picked, noting, pick
from app.query.model import LabQuery, key

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
    has_rate = any(parameter.name == LEARNING_RATE.name for parameter in optimizer.hyperparameters)
    return RunEntry(
        optimizer=optimizer,
        name=optimizer.name,
        title=optimizer.title,
        parameters=(*own, RUN_SCHEDULE, FORK) if has_rate else (*own, FORK),
    )


RUNS: Mapping[str, RunEntry] = {name: _run_entry(optimizer) for name, optimizer in OPTIMIZERS.items()}


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
    fork = run.values[FORK.name]
    return fork if isinstance(fork, Moment) else None


class DescentQuery(LabQuery):
    """Everything that the Descent lab computes and shows."""

    surface: Picked = key(SURFACE, default=pick(SURFACES["bowl"]), group="problem")
    scaler: Picked = key(SCALER, default=pick(SCALERS["none"]), group="main")
    run: tuple[Picked, ...] = key(
        Component(
            title=N_("Optimizers"),
            entries=RUNS,
            most=MOST_RUNS,
            one=N_("Optimizer"),
            adds=N_("Add an optimizer"),
        ),
        default=(pick(RUNS["gd"]),),
        group="runs",
    )
    learning_rate: float | None = key(dataclasses.replace(LEARNING_RATE, default=None), group="main")
    beta1: float | None = key(dataclasses.replace(BETA1, default=None), group="main")
    beta2: float | None = key(dataclasses.replace(BETA2, default=None), group="main")
    rate: str = key(
        Choice(
            name="rate",
            title=N_("Learning rates are"),
            options={"absolute": N_("absolute: η"), "relative": N_("relative: η = value / λ_max")},
            default="absolute",
            help=N_("Relative rates are divided by the largest Hessian eigenvalue of the panel's own surface."),
        ),
        group="main",
    )
    schedule: Picked = key(
        Component(title=N_("Schedule"), entries=SCHEDULES, help=N_("How the learning rate changes from step to step.")),
        default=pick(SCHEDULES["constant"]),
        group="additions",
    )
    clip: Picked = key(
        Component(title=N_("Gradient clipping"), entries=CLIPS), default=pick(CLIPS["none"]), group="additions"
    )
    penalty: Picked = key(PENALTY, default=pick(PENALTIES["none"]), group="additions")
    noise: Picked = key(NOISE, default=pick(NOISES["none"]), group="additions")
    start: tuple[float, float] | None = key(START, default=None, group="path")
    steps: int = key(STEPS, group="path")
    seed: int = key(SEED, group="path")
    tolerance: float = key(TOLERANCE, group="path")
    view: tuple[float, float, float, float] | None = key(VIEW, default=None)
    at: int | None = key(AT, role="page")
    story: str = key(STORY, role="page")
    lang: str | None = key(LANG, default=None, role="page")
    embed: bool = key(EMBED, role="page")
    hide: tuple[str, ...] = key(hideable(lambda: DescentQuery), default=(), role="page")
    fields: tuple[str, ...] = key(
        Names(
            title=N_("What is answered besides the path"),
            options=lambda: {
                "grads": N_("gradients"),
                "updates": N_("updates"),
                "learning_rate": N_("learning rate of each step"),
                "state": N_("what the optimizer keeps"),
            },
        ),
        default=(),
        role="api",
    )
    dtype: str = key(DTYPE, role="api")

    @property
    def problem(self) -> Problem:
        """The surface with its parameters, data and scaler bound."""
        scaling = Scaling(self.scaler.entry, self.scaler.values)
        return self.surface.entry.bind(self.surface.values, scaling, self.seed)

    @property
    def conditions(self) -> Conditions:
        """Penalty and clipping, as the trajectory takes them."""
        return conditions_of(self.penalty.entry, self.penalty.values, self.clip.entry, self.clip.values)

    def check(self, notes: list[Sentence] | None) -> Self:
        """Check what concerns several keys at once."""
        defaults = {name: field.default for name, field in type(self).model_fields.items()}
        query = self
        with noting(notes, used=N_("the raw rows")):
            try:
                _ = query.problem
            except Mistake:
                query = query.model_copy(update={"scaler": defaults["scaler"]})
                raise
        with noting(notes, used=N_("absolute rates")):
            if query.rate == "relative" and landscape.conditioned_hessian(query.problem, query.conditions) is None:
                query = query.model_copy(update={"rate": defaults["rate"]})
                template = N_("rate=relative needs a quadratic surface, and {surface} is none")
                raise Mistake(template, surface=query.surface.name)
        with noting(notes, used=N_("the whole domain")):
            try:
                check_view(query.view)
            except Mistake:
                query = query.model_copy(update={"view": None})
                raise
        for number, run in enumerate(query.run, 1):
            with noting(notes, used=N_("a run of its own")):
                try:
                    check_fork(number, query.run, query.steps)
                except Mistake:
                    own = Picked(run.entry, {**run.values, FORK.name: None})
                    query = query.model_copy(update={"run": (*query.run[: number - 1], own, *query.run[number:])})
                    raise
        return query


GRID = Number(
    name="n",
    title=N_("Grid points a side"),
    default=GRID_SIDES[0],
    low=2,
    high=GRID_SIDES[-1],
    slider=(16, 256),
    is_integer=True,
)


class SurfaceQuery(DescentQuery):
    """The same keys; those that do not shape the surface change nothing."""

    n: int = key(GRID, role="api")
