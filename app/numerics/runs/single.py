"""Runs one by one: every row of each, what became of it, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from app.numerics.problems import evaluate
from app.numerics.problems.curvature import eigenvalues_of
from app.numerics.problems.lowest import lowest
from app.numerics.problems.roughness import is_rough_at
from app.numerics.problems.surfaces.record import Box, Problem
from app.numerics.runs.events import Events, events_of, settled
from app.numerics.runs.explain import Evidence, outcome_of
from app.numerics.runs.outcome import SMALL, Ends, Goal, judge
from app.numerics.runs.spec import MOST_STEPS, RunResult, RunSpec, rows_for
from app.numerics.runs.step import Conditions, Trajectory, trajectory
from app.runtime.programs import Programs

__all__ = ["MOST_STEPS", "Ground", "draws", "find_ground", "goal_of", "ground_of", "race", "rows_for"]

ROUNDING_OF_LOSS = 1e-15  # the share of the loss at a surface's own start below which a lowest value is zero
ROUNDING = 1e-12  # the share of the largest eigenvalue below which another one is zero


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """What a problem with its penalty holds for every run."""

    minima: Float[np.ndarray, "points 2"]  # the known global minima, else the lowest point found in the domain
    losses: Float[np.ndarray, " points"]
    is_known: bool  # the minima are points and all of them
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
    is_known = problem.minima.kind == "points" and not conditions.weight
    if problem.minima.points and not conditions.weight:
        points = np.array(problem.minima.points)
    elif hessian is not None and np.linalg.matrix_rank(hessian) == 2 and problem.minima.kind != "none":
        grads, _ = evaluate.derivatives(programs, problem, conditions, np.zeros(2))
        points, is_known = -np.linalg.solve(hessian, grads)[None], True
    else:
        points = lowest(programs, problem, conditions)
    *losses, beside = evaluate.losses_at(programs, problem, conditions, np.vstack([points, problem.start]))
    losses = np.where(np.abs(losses) <= ROUNDING_OF_LOSS * np.abs(beside), 0.0, losses)
    eigenvalues = None if hessian is None else _ascending(hessian)
    return Ground(minima=points, losses=losses, is_known=is_known, hessian=hessian, eigenvalues=eigenvalues)


def goal_of(problem: Problem, conditions: Conditions, ground: Ground) -> Goal:
    """Return what runs on a problem are measured against."""
    return Goal(
        domain=np.array(problem.domain),
        lowest=np.array(ground.lowest),
        minima=ground.minima.T,
        is_known=np.array(ground.is_known),
        is_convex=np.array(ground.is_convex),
        has_minimum=np.array(problem.minima.kind != "none"),
        is_penalized=np.array(bool(conditions.weight)),
    )


def race(programs: Programs, specs: Sequence[RunSpec], *, view: Box, tolerance: float) -> list[RunResult]:
    """Make runs that share problem, conditions, start, steps and noise, and tell what became of each."""
    shared = specs[0]
    ground = ground_of(programs, shared.problem, shared.conditions)
    goal = goal_of(shared.problem, shared.conditions, ground)
    paths = _paths(programs, specs)
    rows = np.empty((3, len(paths), shared.steps + 1))
    for index, path in enumerate(paths):
        rows[:2, index] = path.params.T
        rows[2, index] = path.loss
    happened = events_of(rows, goal, view=view, tolerance=tolerance)
    ends = _ends(programs, shared, ground, paths, rows, happened)
    verdicts = judge(ends, goal)
    settles = settled(rows[2])
    results = []
    for index, (spec, path) in enumerate(zip(specs, paths, strict=True)):
        evidence = Evidence(
            optimizer=spec.optimizer,
            points=rows[:2, index],
            loss=rows[2, index],
            first_values=spec.values[spec.forked_at],
            learning_rates=spec.learning_rates,
            hessian=ground.hessian,
            has_limit=ground.is_convex and spec.is_plain,
        )
        outcome = outcome_of(index, evidence, happened, verdicts, goal, int(settles[index]), tolerance)
        results.append(RunResult(spec=spec, path=path, outcome=outcome))
    return results


def _ends(
    programs: Programs,
    shared: RunSpec,
    ground: Ground,
    paths: Sequence[Trajectory],
    rows: Float[np.ndarray, "3 runs rows"],
    happened: Events,
) -> Ends:
    conditions = shared.conditions
    last = slice(None, None, shared.steps)  # the first and the last row
    grads = np.array([path.grads[last] for path in paths])
    grads = least_subgradient(conditions, rows[:2, :, last].transpose(1, 2, 0), grads)
    gap = rows[2, :, last] - ground.lowest
    with np.errstate(invalid="ignore", over="ignore"):
        slopes = np.sqrt((grads**2).sum(axis=2))
        # The curvature matters only where a run has come to rest.
        rests = (slopes[:, 1] <= SMALL * np.maximum(slopes[:, 0], SMALL)) | (
            happened.walked < SMALL * np.hypot(*np.diff(shared.problem.domain)[:, 0])
        )
    hessians = np.zeros((len(paths), 2, 2))
    if ground.hessian is not None:
        hessians[:] = ground.hessian
    else:
        for index in np.flatnonzero(rests).tolist():
            point = paths[index].params[-1]
            _, hessian = evaluate.derivatives(programs, shared.problem, conditions, point)
            finite = np.nan_to_num(hessian, nan=0.0, posinf=0.0, neginf=0.0)
            hessians[index] = hold_kinks(conditions, point, finite)
    return Ends(
        params=rows[:2, :, -1],
        grads=grads[:, 1].T,
        hessians=hessians,
        first_slope=slopes[:, 0],
        first_gap=gap[:, 0],
        gap=gap[:, 1],
        gone=happened.gone,
        walked=happened.walked,
        is_lower_outside=happened.is_lower_outside,
        is_rough=is_rough_at(shared.problem, rows[:2, :, -1].T),
    )


def _ascending(hessian: Float[np.ndarray, "2 2"]) -> tuple[float, float]:
    low, high = eigenvalues_of(hessian).tolist()
    return low, high


def _paths(programs: Programs, specs: Sequence[RunSpec]) -> list[Trajectory]:
    shared = specs[0]
    problem, noise = shared.problem, _noise(programs, shared)
    start = programs.remember(("start", shared.start), lambda: jnp.array(shared.start))
    conditions = _on_device(programs, shared.conditions)
    without_proximal = _on_device(programs, shared.conditions.without_proximal())
    paths = []
    for spec in specs:
        program = programs.get(trajectory, problem.surface, spec.optimizer)
        acting = conditions if spec.optimizer.has_proximal else without_proximal
        table = program(problem.arrays, start, spec.values, noise, acting)
        paths.append(Trajectory(spec.optimizer, np.asarray(table)[: shared.steps + 1]))
    return paths


# What many requests share is kept on the device: handing over one small array takes a tenth of a path's time.


def _on_device(programs: Programs, conditions: Conditions) -> Conditions:
    return programs.remember(("conditions", conditions), lambda: jax.tree.map(jnp.asarray, conditions))


def _noise(programs: Programs, shared: RunSpec) -> Float[Array, "rows 2"]:
    rows = rows_for(shared.steps)
    key = ("noise", rows, shared.noise, shared.seed if shared.noise else 0)
    return programs.remember(key, lambda: jnp.asarray(shared.noise * draws(shared.seed, rows)))


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
