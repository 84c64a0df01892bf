"""Descent: optimizers race over a loss surface, and every number of every step can be looked at."""

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from jaxtyping import Float

from app.labs.common import (
    AT,
    DTYPE,
    EMBED,
    LANG,
    SEED,
    START,
    STEPS,
    TOLERANCE,
    VIEW,
    Computation,
    Lab,
    Translate,
    hideable,
)
from app.labs.presets import DESCENT_PRESETS
from app.numerics import landscape
from app.numerics.additions import CLIPS, NOISES, PENALTIES, conditions_of
from app.numerics.declare import Choice, Flag, Number
from app.numerics.landscape import GRID_SIDES
from app.numerics.optimizers import OPTIMIZERS
from app.numerics.optimizers.hyperparameters import BETA1, BETA2, LEARNING_RATE
from app.numerics.optimizers.record import Optimizer
from app.numerics.outcomes import short
from app.numerics.programs import Programs
from app.numerics.race import Course, Entrant, Ground, Result, ground_of, race, rows_for
from app.numerics.scaling import SCALERS, Scaling
from app.numerics.schedules import SCHEDULES, Schedule
from app.numerics.surfaces import SURFACES
from app.numerics.surfaces.record import Box, Point, Problem
from app.numerics.trajectory import Conditions
from app.numerics.words import N_, Mistake, Sentence
from app.query.keys import Component, Names, Picked, noting, pick
from app.query.model import LabQuery, key
from app.query.text import number_text

MOST_RUNS = 8
FLAT = 1e-12  # an eigenvalue below this share of the largest is zero, to rounding
SHAPES = {
    "zig-zag": N_("arrives at step {step}, zig-zag"),
    "straight": N_("arrives at step {step}, straight"),
    "curved": N_("arrives at step {step}"),
}
VIEW_MARGIN = 0.04  # the default view is the domain, widened so that the start is this share of it inside the edge

RUN_SCHEDULE = Choice(
    name="schedule",
    title=N_("Its own schedule"),
    options={"shared": N_("as all runs")} | {name: schedule.title for name, schedule in SCHEDULES.items()},
    default="shared",
    brings={name: schedule.parameters for name, schedule in SCHEDULES.items()},
)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class RunEntry:
    """An optimizer as the key `run` takes it: what a shared slider drives is left to it unless given."""

    optimizer: Optimizer
    name: str
    title: str
    parameters: tuple[Number | Choice | Flag, ...]


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
        parameters=(*own, RUN_SCHEDULE) if has_rate else own,
    )


RUNS: Mapping[str, RunEntry] = {name: _run_entry(optimizer) for name, optimizer in OPTIMIZERS.items()}


class DescentQuery(LabQuery):
    """Everything that the Descent lab computes and shows."""

    surface: Picked = key(
        Component(title=N_("Surface"), entries=SURFACES), default=pick(SURFACES["bowl"]), group="problem"
    )
    scaler: Picked = key(
        Component(
            title=N_("Normalization"),
            entries=SCALERS,
            help=N_("How the features are scaled before the model is fitted; for surfaces made of data."),
        ),
        default=pick(SCALERS["none"]),
        group="main",
    )
    run: tuple[Picked, ...] = key(
        Component(title=N_("Optimizers"), entries=RUNS, most=MOST_RUNS), default=(pick(RUNS["gd"]),), group="runs"
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
    penalty: Picked = key(
        Component(title=N_("Weight penalty"), entries=PENALTIES), default=pick(PENALTIES["none"]), group="additions"
    )
    noise: Picked = key(
        Component(
            title=N_("Gradient noise"),
            entries=NOISES,
            help=N_("A stand-in for mini-batches: every run gets the same draws."),
        ),
        default=pick(NOISES["none"]),
        group="additions",
    )
    start: tuple[float, float] | None = key(START, default=None, group="path")
    steps: int = key(STEPS, group="path")
    seed: int = key(SEED, group="path")
    tolerance: float = key(TOLERANCE, group="path")
    view: tuple[float, float, float, float] | None = key(VIEW, default=None)
    at: int | None = key(AT, role="page")
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
            if query.view and not (query.view[0] < query.view[1] and query.view[2] < query.view[3]):
                query = query.model_copy(update={"view": None})
                raise Mistake(N_("view must be x0,x1,y0,y1 with x0 < x1 and y0 < y1"))
        return query


def view_of(query: DescentQuery, problem: Problem, start: Point) -> Box:
    """Return the plotted rectangle: as asked, else the domain widened until the start lies well inside it."""
    if query.view:
        x0, x1, y0, y1 = query.view
        return (x0, x1), (y0, y1)
    sides = []
    for (low, high), at in zip(problem.domain, start, strict=True):
        # Solved for the margin to be a share of the widened side.
        margin = VIEW_MARGIN / (1 - VIEW_MARGIN)
        sides.append((min(low, at - margin * (high - at)), max(high, at + margin * (at - low))))
    return sides[0], sides[1]


def compute(query: DescentQuery, programs: Programs, translate: Translate) -> dict[str, Any]:
    """Run the race and answer DESIGN's `/api/descent`."""
    problem, conditions = query.problem, query.conditions
    start = query.start or problem.start
    course = Course(
        problem=problem,
        conditions=conditions,
        start=start,
        steps=query.steps,
        noise=float(query.noise.values.get("std") or 0.0),
        seed=query.seed,
        view=view_of(query, problem, start),
        tolerance=query.tolerance,
    )
    ground = ground_of(programs, problem, conditions)
    entrants = [_entrant(query, run, ground.largest_eigenvalue) for run in query.run]
    results = race(programs, course, [entrant for entrant, _ in entrants])
    facts = _hessian_facts(ground)
    no_minimum = problem.minima.reason if problem.minima.kind == "none" else ""
    return {
        "surface": {
            "name": query.surface.name,
            "title": translate(query.surface.entry.title),
            "formula": query.surface.entry.formula,
            "axes": problem.axes,
            "domain": problem.domain,
            "view": course.view,
            "start": start,
            "lowest": ground.lowest,
            "minima": [
                {"at": at, "loss": loss}
                for at, loss in zip(ground.minima.tolist(), ground.losses.tolist(), strict=True)
                if not no_minimum
            ],
            "hessian": facts,
            "no_minimum": translate(no_minimum) if no_minimum else "",
        },
        "takeaway": _takeaway(facts, results, query.steps).render(translate),
        "notes": [note.render(translate) for note in _notes(problem, start)],
        "runs": [
            _run_facts(query, used, result, ground.lowest, translate)
            for (_, used), result in zip(entrants, results, strict=True)
        ],
    }


def _hessian_facts(ground: Ground) -> dict[str, Any] | None:
    """Return eigenvalues, κ and the limit of gradient descent; κ is null where a direction is flat."""
    if ground.eigenvalues is None:
        return None
    low, high = ground.eigenvalues
    is_bowl = low > FLAT * high
    return {
        "kappa": high / low if is_bowl else None,
        "eigenvalues": [low, high],
        "max_learning_rate": 2 / high if high > 0 else None,
    }


def _run_facts(
    query: DescentQuery, used: Mapping[str, Any], result: Result, lowest: float, translate: Translate
) -> dict[str, Any]:
    path, outcome, optimizer = result.path, result.outcome, result.entrant.optimizer
    facts = {
        "optimizer": optimizer.name,
        "title": translate(optimizer.title),
        "hyperparameters": used,
        "params": path.params,
        "loss": path.loss,
        "gap": path.loss - lowest,
        "outcome": outcome.kind,
        "sentence": outcome.sentence.render(translate),
        "shape": outcome.shape,
        "converged_at": outcome.converged_at,
        "diverged_at": outcome.diverged_at,
        "reached_at": outcome.reached_at,
        "left_view_at": outcome.left_view_at,
    }
    if "grads" in query.fields:
        facts["grads"] = path.grads
    if "updates" in query.fields:
        facts["updates"] = path.updates
    if "learning_rate" in query.fields:
        facts["learning_rate"] = result.entrant.learning_rates
    if "state" in query.fields:
        facts["state"] = path.state
    return facts


def _notes(problem: Problem, start: Point) -> list[Sentence]:
    """Say what is allowed but may surprise."""
    if all(low <= at <= high for at, (low, high) in zip(start, problem.domain, strict=True)):
        return []
    (x0, x1), (y0, y1) = ([number_text(edge) for edge in side] for side in problem.domain)
    text = N_("the start lies outside the usual domain of this surface, x from {x0} to {x1} and y from {y0} to {y1}")
    return [Sentence(text, {"x0": x0, "x1": x1, "y0": y0, "y1": y1})]


def _takeaway(facts: Mapping[str, Any] | None, results: Sequence[Result], steps: int) -> Sentence:
    """Say in one line what the figure shows: κ where there is one, and how the run fared, or the first of several."""
    # Where there is no minimum, the lowest value that was found is passed on the way out, and is no goal.
    finished = [
        result
        for result in results
        if result.outcome.reached_at is not None and result.outcome.kind not in ("unbounded", "diverged")
    ]
    best = min(finished, key=lambda result: result.outcome.reached_at or 0, default=None)
    if best and best.outcome.reached_at == 0 and len(results) > 1:
        sentence = Sentence(N_("the start is as low as the goal already"))
    elif best and best.outcome.reached_at:
        sentence = Sentence(SHAPES[best.outcome.shape], {"step": best.outcome.reached_at})
        if len(results) > 1:
            title = Sentence(best.entrant.optimizer.title)
            sentence = Sentence(N_("{title} {ending}"), {"title": title, "ending": sentence})
    elif len(results) > 1:
        sentence = Sentence(N_("none arrives within {steps} steps"), {"steps": steps})
    else:
        sentence = results[0].outcome.sentence
    if facts and facts["kappa"]:
        return Sentence(N_("κ = {kappa}: {ending}"), {"kappa": short(facts["kappa"]), "ending": sentence})
    return sentence


def _entrant(query: DescentQuery, run: Picked, largest: float | None) -> tuple[Entrant, dict[str, Any]]:
    optimizer: Optimizer = run.entry.optimizer
    used = {parameter.name: _value(query, run, parameter, largest) for parameter in optimizer.hyperparameters}
    values = np.empty((rows_for(query.steps), len(used)))
    values[:] = [
        list(parameter.options).index(used[parameter.name]) if isinstance(parameter, Choice) else used[parameter.name]
        for parameter in optimizer.hyperparameters
    ]
    entrant = Entrant(optimizer=optimizer, values=values, steps=query.steps)
    if entrant.learning_rates is not None:
        entrant.learning_rates[:] *= _factors(query, run)
    return entrant, used


def _value(query: DescentQuery, run: Picked, parameter: Number | Choice | Flag, largest: float | None) -> Any:
    """Return the value in force: the run's own, else the shared slider's, else the record's default."""
    value = run.values[parameter.name]
    if value is None and isinstance(parameter, Number) and parameter.shared:
        value = getattr(query, parameter.shared)
    is_rate = parameter.name == LEARNING_RATE.name
    if value is None:
        default = run.entry.optimizer.quadratic_default
        return default / largest if is_rate and default and largest else parameter.default
    return float(value) / largest if is_rate and query.rate == "relative" and largest else value


def _factors(query: DescentQuery, run: Picked) -> Float[np.ndarray, " rows"]:
    own = run.values[RUN_SCHEDULE.name]
    schedule, values = SCHEDULES.get(str(own)), run.values
    if schedule is None:
        schedule, values = query.schedule.entry, query.schedule.values
    return _factor(schedule, query.steps, tuple(values[parameter.name] for parameter in schedule.parameters))


@functools.lru_cache(maxsize=64)
def _factor(schedule: Schedule, steps: int, values: tuple[Any, ...]) -> Float[np.ndarray, " rows"]:
    names = (parameter.name for parameter in schedule.parameters)
    return schedule.factor(steps, **dict(zip(names, values, strict=True)))


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


def compute_surface(query: SurfaceQuery, programs: Programs, _translate: Translate) -> dict[str, Any]:
    """Answer the grid that contours are drawn from: `loss[j, i]` is at `(x[i], y[j])`, `gap` is loss − lowest."""
    problem, conditions = query.problem, query.conditions
    view = view_of(query, problem, query.start or problem.start)
    x, y, loss = landscape.grid(programs, problem, conditions, view, query.n)
    lowest = ground_of(programs, problem, conditions).lowest
    return {"view": view, "x": x, "y": y, "loss": loss, "gap": loss - lowest, "lowest": lowest}


DESCENT = Lab(
    slug="descent",
    title=N_("Descent"),
    about=N_("Race optimizers over a loss surface and look into every step."),
    computations=(
        Computation(
            name="descent",
            title="Trajectories of up to eight optimizers",
            about=(
                "Row k of `params`, `loss`, `gap` and `grads` is the state before update k; row k of `updates`, "
                "`learning_rate` and `state` belongs to update k, so that the numbers of one row satisfy the "
                "optimizer's formula."
            ),
            query=DescentQuery,
            compute=compute,
        ),
        Computation(
            name="surface",
            title="The loss on a grid",
            about="`loss[j, i]` is at `(x[i], y[j])`; penalty included.",
            query=SurfaceQuery,
            compute=compute_surface,
            is_compressible=True,
        ),
    ),
    presets=DESCENT_PRESETS,
)
