"""Schedules against optax's own, and what all of them have in common."""

import re

import numpy as np
import optax
import pytest
from latex2mathml.converter import convert

from app.numerics.optimizers import OPTIMIZERS
from app.numerics.schedules import SCHEDULES
from tests.numerics.support import defaults, run, terrain

STEPS = 200
EVERY = pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)


def factors(name: str, steps: int = STEPS, **values: float) -> np.ndarray:
    """Return the factors of a schedule with these values, and defaults for the rest."""
    schedule = SCHEDULES[name]
    return schedule.factor(steps, **defaults(schedule.parameters) | values)


@pytest.mark.parametrize(
    ("name", "values", "theirs"),
    [
        ("constant", {}, optax.constant_schedule(1.0)),
        ("step", {"every": 30, "factor": 0.5}, optax.exponential_decay(1.0, 30, 0.5, staircase=True)),
        ("exponential", {"decay": 0.98}, optax.exponential_decay(1.0, 1, 0.98)),
        ("polynomial", {"power": 2.0, "end": 0.1}, optax.polynomial_schedule(1.0, 0.1, 2.0, STEPS)),
        ("polynomial", {"power": 1.0, "end": 0.0}, optax.linear_schedule(1.0, 0.0, STEPS)),
        ("cosine", {"end": 0.2}, optax.cosine_decay_schedule(1.0, STEPS, alpha=0.2)),
        ("constant", {"warmup": 20}, optax.warmup_constant_schedule(0.0, 1.0, 20)),
        ("cosine", {"end": 0.1, "warmup": 20}, optax.warmup_cosine_decay_schedule(0.0, 1.0, 20, STEPS, 0.1)),
        (
            "exponential",
            {"decay": 0.98, "warmup": 20},
            optax.warmup_exponential_decay_schedule(0.0, 1.0, 20, 1, 0.98),
        ),
    ],
)
def test_factors_are_those_of_optax(name, values, theirs):
    expected = [float(theirs(step)) for step in range(STEPS + 1)]
    assert factors(name, **values) == pytest.approx(expected, rel=1e-6, abs=1e-6)  # optax computes some in float32


def test_inverse_time_and_inverse_root_follow_their_formulas():
    t = np.arange(STEPS + 1.0)
    assert factors("inverse_time", decay_rate=0.1) == pytest.approx(1 / (1 + 0.1 * t), rel=1e-15)
    # Vaswani et al., Attention Is All You Need (2017), section 5.3, scaled to 1 at its peak.
    attention = np.sqrt(30) * np.minimum(np.maximum(t, 1) ** -0.5, t * 30**-1.5)
    assert factors("inverse_sqrt", warmup=30) == pytest.approx(attention, rel=1e-14)


@EVERY
@pytest.mark.parametrize("warmup", [0, 1, 50, 200, 500])
def test_factors_rise_to_their_peak_in_a_line_and_never_exceed_it(schedule, warmup):
    values = factors(schedule.name, warmup=warmup)
    assert values.shape == (STEPS + 1,)
    assert np.all((values >= 0) & (values <= 1))
    assert np.all(np.diff(values[: warmup + 1]) > 0)
    assert np.all(np.diff(values[warmup:]) <= 0)
    assert values[:warmup] == pytest.approx(np.arange(STEPS + 1.0)[:warmup] / max(warmup, 1))


@EVERY
def test_a_race_of_no_steps_has_one_factor(schedule):
    assert factors(schedule.name, steps=0).shape == (1,)


@EVERY
def test_formulas_become_mathml(schedule):
    assert "\\" not in re.sub(r"<[^>]+>", "", convert(schedule.formula))


@EVERY
def test_parameters_have_names_that_no_hyperparameter_has(schedule):
    taken = {each.name for optimizer in OPTIMIZERS.values() for each in optimizer.hyperparameters}
    assert not taken & {each.name for each in schedule.parameters}
    for each in schedule.parameters:
        assert each.default is not None
        assert each.low <= each.slider[0] <= each.default <= each.slider[1] <= each.high


def test_a_schedule_scales_the_updates_of_a_run():
    rates = 0.02 * factors("cosine", warmup=10)
    path = run(terrain("bowl"), "gd", rates=rates)
    assert path.updates == pytest.approx(-rates[:, None] * path.grads, rel=1e-14)
    assert np.all(path.updates[0] == 0.0)
