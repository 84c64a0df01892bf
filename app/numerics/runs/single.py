"""Several optimizers on one problem under the same conditions: the runs, what they reached, and why."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from app.numerics.optimizers.record import Optimizer
from app.numerics.problems import evaluate
from app.numerics.problems.surfaces.record import Box, Point, Problem
from app.numerics.runs.milestones import Setting, milestones
from app.numerics.runs.outcome import Outcome, Run, judge
from app.numerics.runs.step import LENGTHS, Conditions, Trajectory, trajectory
from app.runtime.programs import Programs
from app.schema.kinds import Choice

MOST_STEPS = LENGTHS[-1] - 48  # 2,000: a round limit inside the largest bucket
ROUNDING = 1e-12  # the share of the largest eigenvalue below which another one is zero


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """What all runs of a race share."""

    problem: Problem
    conditions: Conditions
    start: Point
    steps: int
    noise: float  # standard deviation added to each gradient component
    seed: int
    view: Box
    tolerance: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Entrant:
    """One optimizer with the value of each hyperparameter at each update."""

    optimizer: Optimizer
    values: Float[np.ndarray, "rows values"]  # in the order of the optimizer's record; rows_for(steps) rows
    steps: int
    forked_at: int = 0  # the first update whose values are its own

    @property
    def learning_rates(self) -> Float[np.ndarray, " rows"] | None:
        """η of each update that is asked, or None for an optimizer without one."""
        for column, parameter in enumerate(self.optimizer.hyperparameters):
            if parameter is self.optimizer.learning_rate:
                return self.values[: self.steps + 1, column]
        return None


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """One run and what became of it; `path` has the rows that were asked: steps + 1."""

    entrant: Entrant
    path: Trajectory
    outcome: Outcome


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """What a problem with its penalty holds for every run."""

    minima: Float[np.ndarray, "points 2"]  # the known global minima, else the lowest point found in the domain
    losses: Float[np.ndarray, " points"]
    hessian: Float[np.ndarray, "2 2"] | None  # where it is constant, with the penalty
    eigenvalues: tuple[float, float] | None  # of that Hessian, ascending

    @property
    def lowest(self) -> float:
        """The loss that gaps are measured from."""
        return float(self.losses.min())

    @property
    def is_convex(self) -> bool:
        """Whether it is a quadratic that falls nowhere for ever; a valley may have a floor without slope."""
        return self.eigenvalues is not None and self.eigenvalues[0] >= -ROUNDING * abs(self.eigenvalues[1])

    @property
    def largest_eigenvalue(self) -> float | None:
        """λ_max of a quadratic that is not flat, else None."""
        return self.eigenvalues[1] if self.eigenvalues and self.eigenvalues[1] > 0 else None


def entrant(optimizer: Optimizer, used: Mapping[str, Any], steps: int) -> Entrant:
    """Return an optimizer with the same values at every update; what `used` leaves out takes its default."""
    values = np.empty((rows_for(steps), len(optimizer.hyperparameters)))
    for column, parameter in enumerate(optimizer.hyperparameters):
        value = used.get(parameter.name, parameter.default)
        values[:, column] = list(parameter.options).index(value) if isinstance(parameter, Choice) else value
    return Entrant(optimizer=optimizer, values=values, steps=steps)


def rows_for(steps: int) -> int:
    """Return how many rows a program computes that serves this many steps; those past steps + 1 are cut off."""
    return next(length for length in LENGTHS if length >= steps) + 1


def draws(seed: int, rows: int) -> Float[np.ndarray, "rows 2"]:
    """Standard normal draws, the same for every run of a race; a longer race begins with the same ones."""
    # NumPy promises that the legacy generator's stream never changes (NEP 19), so that an old link keeps its path.
    return np.random.RandomState(seed).standard_normal((rows, 2))


def ground_of(programs: Programs, problem: Problem, conditions: Conditions) -> Ground:
    """Return, computed once, what every run on this problem needs."""

    def find() -> Ground:
        return find_ground(programs, problem, conditions)

    return find() if problem.is_private else programs.remember(("ground", problem, conditions), find)


def find_ground(programs: Programs, problem: Problem, conditions: Conditions) -> Ground:
    """Return what every run on this problem needs, and do not remember it."""
    hessian = evaluate.conditioned_hessian(problem, conditions)
    if problem.minima.points and not conditions.weight:
        points = np.array(problem.minima.points)
    elif hessian is not None and np.linalg.matrix_rank(hessian) == 2 and problem.minima.kind != "none":
        grads, _ = evaluate.derivatives(programs, problem, conditions, np.zeros(2))
        points = -np.linalg.solve(hessian, grads)[None]
    else:
        points = evaluate.lowest(programs, problem, conditions)[None]
    losses = evaluate.losses_at(programs, problem, conditions, points)
    eigenvalues = None if hessian is None else _ascending(hessian)
    return Ground(minima=points, losses=losses, hessian=hessian, eigenvalues=eigenvalues)


def race(programs: Programs, course: Course, entrants: Sequence[Entrant]) -> list[Result]:
    """Run every entrant from the start of the course and judge how it ended."""
    problem, conditions = course.problem, course.conditions
    ground = ground_of(programs, problem, conditions)
    setting = Setting(
        domain=problem.domain,
        view=course.view,
        lowest=ground.lowest,
        no_minimum=problem.minima.reason if problem.minima.kind == "none" else "",
        is_penalized=bool(conditions.weight),
        is_convex=ground.is_convex,
        has_several=len(ground.minima) > 1,
        tolerance=course.tolerance,
        steps=course.steps,
    )
    paths = _paths(programs, course, entrants)
    rows = np.empty((3, len(paths), course.steps + 1))
    for index, path in enumerate(paths):
        rows[:2, index] = path.params.T
        rows[2, index] = path.loss
    ends = slice(None, None, course.steps)  # the first and the last row
    grads = np.array([path.grads[ends] for path in paths])
    grads = least_subgradient(conditions, rows[:2, :, ends].transpose(1, 2, 0), grads)
    found = milestones(rows, grads, setting)
    is_plain = not course.noise and bool(conditions.clip_value == conditions.clip_norm == np.inf)
    results = []
    for entrant, path, milestone in zip(entrants, paths, found, strict=True):
        eigenvalues = ground.eigenvalues or (0.0, 0.0)
        # The curvature decides only where a run has come to rest.
        if ground.eigenvalues is None and (milestone.is_flat or milestone.is_still):
            _, hessian = evaluate.derivatives(programs, problem, conditions, path.params[-1])
            finite = np.nan_to_num(hessian, nan=0.0, posinf=0.0, neginf=0.0)
            eigenvalues = _ascending(hold_kinks(conditions, path.params[-1], finite))
        run = Run(
            optimizer=entrant.optimizer,
            first_values=entrant.values[entrant.forked_at],
            learning_rates=entrant.learning_rates,
            eigenvalues=eigenvalues,
            radius=math.hypot(*path.params[-1].tolist()),
            # A limit is quoted only where its formula holds: a bowl, with nothing else acting on the gradient,
            # and the same values from start to end.
            has_limit=setting.is_convex and is_plain and not entrant.forked_at,
        )
        results.append(Result(entrant=entrant, path=path, outcome=judge(run, milestone, setting)))
    return results


def _ascending(hessian: Float[np.ndarray, "2 2"]) -> tuple[float, float]:
    low, high = np.linalg.eigvalsh(hessian).tolist()
    return low, high


def _paths(programs: Programs, course: Course, entrants: Sequence[Entrant]) -> list[Trajectory]:
    problem, noise = course.problem, _noise(programs, course)
    start = programs.remember(("start", course.start), lambda: jnp.array(course.start))
    conditions = _on_device(programs, course.conditions)
    without_proximal = _on_device(programs, course.conditions.without_proximal())
    paths = []
    for entrant in entrants:
        optimizer = entrant.optimizer
        program = programs.get(trajectory, problem.surface, optimizer)
        acting = conditions if optimizer.has_proximal else without_proximal
        table = program(problem.arrays, start, entrant.values, noise, acting)
        paths.append(Trajectory(optimizer, np.asarray(table)[: course.steps + 1]))
    return paths


# What many requests share is kept on the device: handing over one small array takes a tenth of a path's time.


def _on_device(programs: Programs, conditions: Conditions) -> Conditions:
    return programs.remember(("conditions", conditions), lambda: jax.tree.map(jnp.asarray, conditions))


def _noise(programs: Programs, course: Course) -> Float[Array, "rows 2"]:
    rows = rows_for(course.steps)
    key = ("noise", rows, course.noise, course.seed if course.noise else 0)
    return programs.remember(key, lambda: jnp.asarray(course.noise * draws(course.seed, rows)))


def least_subgradient(
    conditions: Conditions, params: Float[np.ndarray, "*points 2"], grads: Float[np.ndarray, "*points 2"]
) -> Float[np.ndarray, "*points 2"]:
    """Return the shortest subgradient, which is zero at a minimum: a penalty's kink at 0 holds smaller slopes in place.

    `grads` holds the subgradient 0 of the penalty wherever a coordinate is exactly 0. Conditions may be those of all
    points, or each its own.
    """
    has_kink = np.asarray((conditions.weight != 0) & (conditions.exponent <= 1))[..., None]
    if not has_kink.any():
        return grads
    holds = np.where(conditions.exponent == 1, conditions.weight, np.inf)[..., None]
    shrunk = np.sign(grads) * np.maximum(np.abs(grads) - holds, 0.0)
    return np.where(has_kink & (params == 0), shrunk, grads)


def hold_kinks(
    conditions: Conditions, points: Float[np.ndarray, "*points 2"], hessians: Float[np.ndarray, "*points 2 2"]
) -> Float[np.ndarray, "*points 2 2"]:
    """Return the Hessians with the curvature of the penalty where a coordinate is exactly 0.

    There |θ|^q with q < 2 is infinitely curved, or has a kink, and the derivative is 0 in place of it. The coordinate
    is held: a surface that falls along it makes no saddle. Any positive curvature stands for the infinite one.
    """
    is_bent = np.asarray((conditions.weight != 0) & (conditions.exponent < 2))
    if not is_bent.any():
        return hessians
    is_held = (points == 0) & is_bent[..., None]
    free = np.abs(np.where(is_held, 0.0, np.einsum("...ii->...i", hessians))).max(axis=-1)
    held = np.eye(2) * np.where(free > 0, free, 1.0)[..., None, None]
    return np.where(is_held[..., :, None] | is_held[..., None, :], held, hessians)
