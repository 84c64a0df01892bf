"""Runs for tests: the compiled program of a surface and an optimizer is kept, everything else is an argument."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

import jax
import numpy as np
from jaxtyping import Array, Float

from app.numerics.optimizers import OPTIMIZERS, Optimizer
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces import SURFACES
from app.numerics.problems.surfaces.record import Arrays, Problem
from app.numerics.runs.step import LENGTHS, Conditions, Trajectory, trajectory
from app.runtime.programs import Programs
from app.schema.kinds import Choice, Parameter
from tests.numerics.textbook import TERRAINS

PROGRAMS = Programs()
ROWS = LENGTHS[1] + 1  # of every run here, so that one program serves all tests of a pair


def problem(name: str, **values: Any) -> Problem:
    """Bind a surface with these parameters, its data unscaled."""
    return SURFACES[name].bind(values, Scaling(SCALERS["none"]), 0)


def _switched(params: Float[Array, "2"], arrays: Arrays) -> Float[Array, ""]:
    def branch(name: str) -> Callable:
        own = problem(name).arrays.keys()
        return lambda: SURFACES[name].loss(params, {key: arrays[key] for key in own})

    return jax.lax.switch(arrays["which"], [branch(name) for name in TERRAINS])


SWITCHED = dataclasses.replace(SURFACES["bowl"], name="switched", loss=_switched)


def terrain(name: str, **values: Any) -> Problem:
    """Bind one of the textbook's surfaces as a branch of a switch: each optimizer is compiled once for all of them."""
    arrays = {key: array for each in TERRAINS for key, array in problem(each).arrays.items()}
    bound = problem(name, **values)
    arrays |= {**bound.arrays, "which": np.array(list(TERRAINS).index(name))}
    return dataclasses.replace(bound, surface=SWITCHED, arrays=arrays)


def as_number(parameter: Parameter, value: Any) -> float:
    """Return a value as a program takes it: the index of an option, 0 or 1 for a flag."""
    return float(list(parameter.options).index(value)) if isinstance(parameter, Choice) else float(value)


def defaults(parameters: Iterable[Parameter]) -> dict[str, Any]:
    """Return the default of each parameter by its name."""
    return {each.name: each.default for each in parameters}


def row_of(optimizer: Optimizer, **values: Any) -> list[float]:
    """Return one row of hyperparameters: these values, and defaults for the rest."""
    unknown = values.keys() - {parameter.name for parameter in optimizer.hyperparameters}
    assert not unknown, f"{optimizer.name} has no {unknown}"
    return [as_number(each, values.get(each.name, each.default)) for each in optimizer.hyperparameters]


def run(
    problem: Problem,
    optimizer: str | Optimizer,
    *,
    start: tuple[float, float] | None = None,
    steps: int = 200,
    noise: np.ndarray | None = None,
    conditions: Conditions | None = None,
    rates: np.ndarray | None = None,
    **values: Any,
) -> Trajectory:
    """Return the first `steps` + 1 rows; `rates` are learning rates, one for each row."""
    record = OPTIMIZERS[optimizer] if isinstance(optimizer, str) else optimizer
    hyperparameters = np.tile(row_of(record, **values), (ROWS, 1))
    if rates is not None:
        hyperparameters[: len(rates), 0] = rates
    draws = np.zeros((ROWS, 2)) if noise is None else noise
    begin = np.array(problem.start if start is None else start)
    program = PROGRAMS.get(trajectory, problem.surface, record)
    table = program(problem.arrays, begin, hyperparameters, draws, conditions or Conditions())
    return Trajectory(record, np.asarray(table)[: steps + 1])
