"""A run as a link gives it, turned into a spec: an optimizer with the value of each hyperparameter at each step."""

import dataclasses
import functools
from typing import Any

import numpy as np
from jaxtyping import Float

from app.labs.racing.keys import RUN_SCHEDULE, Raced, Rated, fork_of
from app.numerics.optimizers.record import Optimizer
from app.numerics.problems.surfaces.record import Problem
from app.numerics.runs.spec import RunSpec, values_of
from app.numerics.schedules import SCHEDULES, Schedule
from app.schema.kinds import Number, Parameter, Picked


def specs_of(query: Raced, problem: Problem, largest: float | None) -> list[tuple[RunSpec, dict[str, Any]]]:
    """Return the runs in the order of the link, each with its own values by name.

    A fork is data: up to its step it has the values of the run that it comes from, and so its path and averages.
    """
    found: list[tuple[RunSpec, dict[str, Any]]] = []
    for run in query.run:
        spec, used = spec_of(query, run, problem, largest)
        if fork := fork_of(run):
            spec.values[: fork.step] = found[fork.run - 1][0].values[: fork.step]
            spec = dataclasses.replace(spec, forked_at=fork.step)
        found.append((spec, used))
    return found


def spec_of(query: Raced, run: Picked, problem: Problem, largest: float | None) -> tuple[RunSpec, dict[str, Any]]:
    """Return one run, and its values by name."""
    optimizer: Optimizer = run.entry.optimizer
    used = {parameter.name: value_of(query, run, parameter, largest) for parameter in optimizer.hyperparameters}
    spec = RunSpec(
        problem=problem,
        optimizer=optimizer,
        values=values_of(optimizer, used, query.steps),
        start=query.start or problem.start,
        steps=query.steps,
        conditions=query.conditions,
        noise=float(query.noise.values.get("std") or 0.0),
        seed=query.seed,
    )
    if spec.learning_rates is not None:
        spec.learning_rates[:] *= factors_of(query, run)
    return spec, used


def value_of(query: Rated, run: Picked, parameter: Parameter, largest: float | None) -> Any:
    """Return the value in force: the run's own, else the shared slider's, else the record's default."""
    value = run.values[parameter.name]
    if value is None and isinstance(parameter, Number) and parameter.shared:
        value = getattr(query, parameter.shared)
    is_rate = parameter is run.entry.optimizer.learning_rate
    if value is None:
        default = run.entry.optimizer.quadratic_default
        return default / largest if is_rate and default and largest else parameter.default
    return rate_of(query, float(value), largest) if is_rate else value


def rate_of(query: Rated, rate: float, largest: float | None) -> float:
    """Return the learning rate in force: relative ones are divided by λ_max."""
    return rate / largest if query.rate == "relative" and largest else rate


def factors_of(query: Raced, run: Picked) -> Float[np.ndarray, " rows"]:
    """Return what the run's schedule makes of its learning rate in each row."""
    own = run.values.get(RUN_SCHEDULE.name)
    schedule, values = SCHEDULES.get(str(own)), run.values
    if schedule is None:
        schedule, values = query.schedule.entry, query.schedule.values
    return _factor(schedule, query.steps, tuple(values[parameter.name] for parameter in schedule.parameters))


@functools.lru_cache(maxsize=64)
def _factor(schedule: Schedule, steps: int, values: tuple[Any, ...]) -> Float[np.ndarray, " rows"]:
    names = (parameter.name for parameter in schedule.parameters)
    return schedule.factor(steps, **dict(zip(names, values, strict=True)))
