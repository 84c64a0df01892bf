"""What every optimizer's record must hold, whatever its update is."""

import re
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array, Float
from latex2mathml.converter import convert

from app.numerics.optimizers import OPTIMIZERS
from app.numerics.optimizers.hyperparameters import BETA1, LEARNING_RATE
from app.numerics.optimizers.record import Step, optimizer
from app.numerics.runs.step import Conditions
from app.schema.kinds import Choice, Flag, Number
from tests.numerics.support import PROGRAMS, ROWS, row_of, run, terrain

pytestmark = pytest.mark.sampled(4)

EVERY = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)


@EVERY
def test_formulas_and_symbols_become_mathml(optimizer):
    for latex in (optimizer.formula, *(quantity.symbol for quantity in optimizer.quantities)):
        text = re.sub(r"<[^>]+>|&#x[0-9A-F]+;", "", convert(latex))
        assert not re.search(r"[\\&]", text), latex


@EVERY
def test_defaults_are_accepted_values_inside_their_sliders(optimizer):
    for each in optimizer.hyperparameters:
        if isinstance(each, Number):
            assert each.default is not None
            assert each.low <= each.slider[0] <= each.default <= each.slider[1] <= each.high, each.name
        elif isinstance(each, Choice):
            assert each.default in each.options
        else:
            assert isinstance(each.default, bool)


@EVERY
def test_only_the_names_of_shared_sliders_follow_them(optimizer):
    shared = {each.shared for each in optimizer.hyperparameters if isinstance(each, Number) and each.shared}
    assert shared <= {each.name for each in optimizer.hyperparameters}
    assert shared <= {"learning_rate", "beta1", "beta2"}


def test_what_the_sliders_drive_follows_the_papers():
    drives = {
        name: {each.name for each in optimizer.hyperparameters if isinstance(each, Number) and each.shared}
        for name, optimizer in OPTIMIZERS.items()
    }
    assert drives["newton"] == drives["lbfgs"] == drives["adadelta"] == set()
    assert drives["lion"] == drives["adan"] == {"learning_rate", "beta1"}  # their other averages are not Adam's
    assert drives["rmsprop"] == {"learning_rate", "beta2"}
    assert drives["adam"] == {"learning_rate", "beta1", "beta2"}


@EVERY
@pytest.mark.thorough
def test_a_default_run_descends_on_every_terrain(optimizer):
    for name, start in (("bowl", (-8.0, 2.0)), ("rosenbrock", (-1.2, 1.0)), ("beale", (2.5, 0.3))):
        problem = terrain(name)
        rates: dict[str, Any] = {}
        if optimizer.quadratic_default and problem.hessian is not None:
            rates["learning_rate"] = optimizer.quadratic_default / np.linalg.eigvalsh(problem.hessian)[-1]
        loss = run(problem, optimizer, start=start, **rates).loss
        assert loss.min() < 0.9 * loss[0]


@EVERY
@pytest.mark.parametrize("beta", [0.0, 0.9])
@pytest.mark.thorough
def test_nothing_is_nan_and_nothing_moves_where_the_gradient_is_zero(optimizer, beta):
    # The minimum of the bowl, with every guard against division by zero taken away.
    numbers = [each for each in optimizer.hyperparameters if isinstance(each, Number)]
    values: dict[str, Any] = {each.name: beta for each in numbers if each.name in ("beta1", "beta2", "beta3", "rho")}
    values |= {each.name: 0.0 for each in numbers if each.name == "eps"}
    choices = [each for each in optimizer.hyperparameters if isinstance(each, Choice)]
    alternatives: list[dict[str, Any]] = [{}, *({each.name: option} for each in choices for option in each.options)]
    for chosen in alternatives:
        path = run(terrain("bowl"), optimizer, start=(0.0, 0.0), **{**values, **chosen})
        assert np.all(path.params == 0.0)
        assert all(np.all(np.isfinite(quantity)) for quantity in path.state.values())


@EVERY
def test_one_flat_coordinate_stays_where_it_is_without_eps(optimizer):
    values: dict[str, Any] = {each.name: 0.0 for each in optimizer.hyperparameters if each.name == "eps"}
    path = run(terrain("bowl"), optimizer, start=(-8.0, 0.0), steps=50, **values)
    assert np.all(path.params[:, 1] == 0.0)
    assert np.all(np.isfinite(path.params))


def test_newton_has_no_step_where_the_hessian_is_singular():
    path = run(terrain("rosenbrock"), "newton", start=(0.0, 0.005))  # where ∂²L/∂x² and ∂²L/∂x∂y are both 0
    assert np.all(path.updates == 0.0)
    assert np.linalg.norm(path.grads[0]) > 1


def _square(params: Float[Array, "2"]) -> Float[Array, ""]:
    return jnp.dot(params, params)


@pytest.mark.thorough
@EVERY
def test_the_state_has_one_shape_whatever_the_numbers_are(optimizer):
    def shapes(row: list[float]) -> list:
        names = [each.name for each in optimizer.hyperparameters]
        values = dict(zip(names, map(jnp.array, row), strict=True))
        start = jnp.ones(2)
        value, grads = jax.value_and_grad(_square)(start)
        state = optimizer.step(grads, optimizer.init(start), start, values, value=value, value_fn=_square).state
        assert jax.tree.structure(state) == jax.tree.structure(optimizer.init(start))
        return [(leaf.shape, leaf.dtype) for leaf in jax.tree.leaves(state)]

    low = [0.0 if not isinstance(each, Number) else each.low for each in optimizer.hyperparameters]
    assert shapes(row_of(optimizer)) == shapes(low)


@EVERY
def test_moving_any_number_does_not_compile_again(optimizer):
    problem = terrain("bowl")
    run(problem, optimizer)
    traces = PROGRAMS.traces
    for each in optimizer.hyperparameters:
        other = {Number: lambda n: n.low, Flag: lambda f: not f.default, Choice: lambda c: list(c.options)[-1]}
        run(problem, optimizer, **{each.name: other[type(each)](each)})
    run(problem, optimizer, start=(1.0, 1.0), noise=np.ones((ROWS, 2)))
    run(terrain("bowl", kappa=3.0, angle=20.0), optimizer, conditions=Conditions(0.1, 0.0, 1.0, 2.0, 3.0))
    assert PROGRAMS.traces == traces


def test_an_optimizer_whose_hyperparameters_are_not_its_arguments_is_refused():
    declare = optimizer(title="", family="", formula="", source="", about="", hyperparameters=(LEARNING_RATE,))

    def half(grads: Array, state: tuple, params: Array, *, rate: Array) -> Step:
        return Step(updates=-rate * grads, state=state)

    with pytest.raises(TypeError, match=r"half takes \['rate'\], but declares \['learning_rate'\]"):
        declare(half)


def test_the_learning_rate_is_known_by_its_declaration_and_not_by_its_name():
    facts = {"title": "", "family": "", "formula": "", "source": "", "about": ""}

    @optimizer(**facts, hyperparameters=(replace(LEARNING_RATE, name="pace", shared=""),))
    def paced(grads: Array, state: tuple, params: Array, *, pace: Array) -> Step:
        return Step(updates=-pace * grads, state=state)

    @optimizer(**facts, hyperparameters=(replace(BETA1, name="learning_rate", shared=""),))
    def misnamed(grads: Array, state: tuple, params: Array, *, learning_rate: Array) -> Step:
        return Step(updates=-learning_rate * grads, state=state)

    assert paced.learning_rate is paced.hyperparameters[0]
    assert misnamed.learning_rate is None
