"""What a run is: a problem, an optimizer with the values of its hyperparameters, and what else acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from app.numerics.optimizers.record import Optimizer
from app.numerics.problems.surfaces.record import Point, Problem
from app.numerics.runs.explain import Outcome
from app.numerics.runs.step import LENGTHS, Conditions, Trajectory
from app.schema.kinds import Choice, Parameter

FREE = Conditions()  # neither penalty nor clipping
MOST_STEPS = LENGTHS[-1] - 48  # 2,000: a round limit inside the largest bucket


@dataclass(frozen=True, kw_only=True, eq=False)
class RunSpec:
    """One run, as all ways to execute it take it."""

    problem: Problem
    optimizer: Optimizer
    values: Float[np.ndarray, "rows values"]  # of each update, in the order of the record; rows_for(steps) rows
    start: Point
    steps: int
    conditions: Conditions = FREE
    noise: float = 0.0  # standard deviation added to each gradient component
    seed: int = 0
    forked_at: int = 0  # the first update whose values are its own

    @property
    def learning_rates(self) -> Float[np.ndarray, " rows"] | None:
        """η of each update that is asked, or None for an optimizer without one."""
        column = rate_column(self.optimizer)
        return None if column is None else self.values[: self.steps + 1, column]

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the optimizer acts on the gradient, with the same values from start to end."""
        conditions = self.conditions
        is_clipped = min(float(conditions.clip_value), float(conditions.clip_norm)) < np.inf
        return not (self.noise or self.forked_at or is_clipped)


@dataclass(frozen=True, kw_only=True, eq=False)
class RunResult:
    """A run and what became of it; `path` has the rows that were asked: steps + 1."""

    spec: RunSpec
    path: Trajectory
    outcome: Outcome


def rate_column(optimizer: Optimizer) -> int | None:
    """Return the column of the learning rate among the values, or None for an optimizer without one."""
    rate = optimizer.learning_rate
    return None if rate is None else optimizer.hyperparameters.index(rate)


def number_of(parameter: Parameter, value: Any) -> float:
    """Return a value as a program takes it: the index of an option, 0 or 1 for a flag."""
    return float(list(parameter.options).index(value) if isinstance(parameter, Choice) else value)


def values_of(optimizer: Optimizer, used: Mapping[str, Any], steps: int) -> Float[np.ndarray, "rows values"]:
    """Return the same values for every update; what `used` leaves out takes its default."""
    row = [number_of(each, used.get(each.name, each.default)) for each in optimizer.hyperparameters]
    return np.tile(row, (rows_for(steps), 1))


def rows_for(steps: int) -> int:
    """Return how many rows a program computes that serves this many steps; those past steps + 1 are cut off."""
    return next(length for length in LENGTHS if length >= steps) + 1
