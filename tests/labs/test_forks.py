"""Forks: another run's path and averages up to a step, and its own values from there."""

import numpy as np
import pytest

from app.labs.descent import DescentQuery, compute
from app.runtime.programs import Programs
from app.schema.page import read_page
from tests.answers import plain

BOWL = np.array([1.0, 25.0])  # the gradient of the default bowl is BOWL * point
OPTIMIZERS = ["gd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"]


@pytest.fixture(scope="module")
def programs():
    return Programs()


@pytest.fixture
def runs_of(programs):
    def runs_of(link):
        return plain(compute(read_page(DescentQuery, link).first, programs, str))["runs"]

    return runs_of


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.thorough
def test_a_fork_with_the_same_values_goes_the_same_way(runs_of, optimizer):
    parent, fork = runs_of(
        f"surface=himmelblau&run={optimizer}&run={optimizer},fork:1@37"
        "&learning_rate=0.01&schedule=cosine,warmup:5&noise=gaussian,std:2&seed=3&steps=80"
    )
    np.testing.assert_array_equal(fork["params"], parent["params"])


def momentum_loop(start, rates, beta):
    point, average, path = np.array(start), np.zeros(2), []
    for rate in rates:
        path.append(point)
        average = beta * average + BOWL * point
        point = point - rate * average
    return np.array(path)


def adam_loop(start, rates, beta1, beta2=0.999, eps=1e-8):
    point, first, second, path = np.array(start), np.zeros(2), np.zeros(2), []
    for count, rate in enumerate(rates, 1):
        path.append(point)
        grads = BOWL * point
        first = beta1 * first + (1 - beta1) * grads
        second = beta2 * second + (1 - beta2) * grads**2
        point = point - rate * (first / (1 - beta1**count)) / (np.sqrt(second / (1 - beta2**count)) + eps)
    return np.array(path)


@pytest.mark.parametrize(("optimizer", "loop"), [("momentum", momentum_loop), ("adam", adam_loop)])
def test_a_fork_is_a_plain_loop_whose_rate_changes_on_the_way(runs_of, optimizer, loop):
    start = (-8.0, 2.0)
    _, fork, again = runs_of(
        f"run={optimizer},learning_rate:0.02&run={optimizer},learning_rate:0.05,fork:1@20"
        f"&run={optimizer},learning_rate:0.001,fork:2@35&beta1=0.8&start=-8,2&steps=60"
    )
    rates = np.repeat([0.02, 0.05], [20, 41])
    np.testing.assert_allclose(fork["params"], loop(start, rates, 0.8), rtol=1e-9, atol=1e-12)
    rates = np.repeat([0.02, 0.05, 0.001], [20, 15, 26])
    np.testing.assert_allclose(again["params"], loop(start, rates, 0.8), rtol=1e-9, atol=1e-12)


def test_a_fork_meets_the_same_draws_as_its_parent(runs_of):
    runs = runs_of(
        "run=gd,learning_rate:0.01&run=gd,learning_rate:0.03,fork:1@10"
        "&noise=gaussian,std:2&seed=5&steps=30&fields=grads,state"
    )
    draws = [run["state"]["gradient_used"] - run["grads"] for run in runs]
    assert np.any(runs[0]["params"] != runs[1]["params"])
    np.testing.assert_allclose(draws[1], draws[0], atol=1e-9)


def test_a_fork_says_where_it_comes_from_and_its_own_values(runs_of):
    parent, fork = runs_of("run=gd,learning_rate:0.01&run=gd,learning_rate:0.1,fork:1@10")
    assert parent["fork"] is None
    assert fork["fork"] == {"run": 1, "step": 10}
    assert fork["hyperparameters"] == {"learning_rate": 0.1}
    assert fork["sentence"].endswith("forked from run 1 at step 10")


def test_no_stability_limit_is_quoted_for_a_rate_that_changed_on_the_way(runs_of):
    plain, fork = runs_of("run=gd,learning_rate:0.1&run=gd,learning_rate:0.1,fork:1@10")
    assert "0.08" in plain["sentence"]  # 2/λ_max = 2/25
    assert "0.08" not in fork["sentence"]
