"""Paths against two independent ones: PyTorch's, and plain NumPy loops written from the papers."""

import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from app.numerics.optimizers import OPTIMIZERS
from tests.numerics import textbook
from tests.numerics.support import defaults, run, terrain

pytestmark = pytest.mark.sampled(6)

# Made by torch 2.13.0 in float64 on a CPU; PyTorch is not needed to run the tests.
TORCH = json.loads((Path(__file__).parents[1] / "data" / "torch_paths.json").read_text())["paths"]


class Case(NamedTuple):
    """Where a comparison with the textbook starts, how many updates it follows, and what differs from the defaults."""

    start: tuple[float, float]
    updates: int = 200
    values: Mapping[str, Any] = {}


CASES = {"bowl": Case((-8.0, 2.0)), "rosenbrock": Case((-1.5, 2.0)), "beale": Case((1.3, 0.7))}
# With the defaults these paths are chaotic: one rounding (1e-15) in the start has grown beyond 1e-9 before update 200,
# in the textbook's own loop. Smaller rates or another start calm them; AdaDelta on Rosenbrock stays chaotic.
CALMER = {
    ("adagrad_mean", "beale"): Case((1.3, 0.7), values={"learning_rate": 0.02}),
    ("rmsprop", "beale"): Case((1.3, 0.7), values={"learning_rate": 0.01, "beta2": 0.999}),
    ("adadelta", "rosenbrock"): Case((-1.5, 2.0), updates=100, values={"eps": 1e-6}),
    ("adadelta", "beale"): Case((1.3, 0.7), values={"eps": 1e-6}),
    ("newton", "beale"): Case((2.5, 0.3)),
    ("lbfgs", "rosenbrock"): Case((0.5, 0.5)),
}
# What the defaults leave out: the other value of a flag or choice, and a weight decay where the default is 0.
VARIANTS = [
    ("momentum_ema", {"debias": True}),
    ("rmsprop", {"initial": "first_gradient", "learning_rate": 0.01, "beta2": 0.999}),
    ("adam", {"debias": False}),
    ("radam", {"beta2": 0.6}),  # ρ∞ = 4: the average of squares is never trusted
    ("lion", {"weight_decay": 0.1}),
    ("adan", {"weight_decay": 0.1}),
]


def parts(text: str) -> tuple[str, dict[str, Any]]:
    """Read `name,key:value,key:value`."""
    name, *pairs = text.split(",")
    return name, {key: float(value) for key, value in (pair.split(":") for pair in pairs)}


@pytest.mark.parametrize("reference", TORCH, ids=lambda each: f"{each['surface']} {each['run']}")
def test_paths_are_those_of_pytorch(reference):
    surface, parameters = parts(reference["surface"])
    name, values = parts(reference["run"])
    rows = np.array(reference["rows"])
    path = run(terrain(surface, **parameters), name, start=reference["start"], **values)
    # PyTorch stores Nesterov's look-ahead point; its loss is the loss there.
    points = path.state.get("lookahead", path.params)
    expected, loss = textbook.TERRAINS[surface].loss, rows[:, 3]
    steps = rows[:, 0].astype(int)
    assert points[steps] == pytest.approx(rows[:, 1:3], rel=1e-9, abs=0)
    assert [expected(point) for point in points[steps]] == pytest.approx(loss, rel=1e-9, abs=0)


def check(name: str, surface: str, case: Case) -> None:
    """Compare the path and every quantity that the record declares, row by row."""
    optimizer = OPTIMIZERS[name]
    values = defaults(optimizer.hyperparameters) | dict(case.values)
    path = run(terrain(surface), optimizer, start=case.start, steps=case.updates, **case.values)
    rows = getattr(textbook, name)(textbook.TERRAINS[surface], np.array(case.start), **values)
    points, shown = zip(*itertools.islice(rows, case.updates + 1), strict=True)
    assert path.params == pytest.approx(np.array(points), rel=1e-9, abs=1e-12)
    for quantity in optimizer.quantities:
        expected = np.array([row[quantity.name] for row in shown])
        assert path.state[quantity.name] == pytest.approx(expected, rel=1e-9, abs=1e-12), quantity.name


@pytest.mark.parametrize("surface", CASES)
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_paths_and_quantities_are_those_of_the_textbook(name, surface):
    check(name, surface, CALMER.get((name, surface), CASES[surface]))


@pytest.mark.parametrize("surface", CASES)
@pytest.mark.parametrize(("name", "values"), VARIANTS, ids=lambda each: str(each))
def test_flags_choices_and_decay_are_those_of_the_textbook(name, values, surface):
    check(name, surface, CASES[surface]._replace(values=values))
