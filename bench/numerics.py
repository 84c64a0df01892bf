"""One Adam run of 500 steps over Rosenbrock's valley: our compiled program, and how else it could be done."""

import time
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numba
import numpy as np
import optax

from app.numerics.optimizers import OPTIMIZERS
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces import SURFACES
from app.numerics.runs.spec import rows_for
from app.numerics.runs.step import Conditions, trajectory
from app.runtime.programs import Programs
from bench.record import Row, row
from bench.timing import interleaved

STEPS = 500
RATE, BETA1, BETA2, EPS = 0.01, 0.9, 0.999, 1e-8
START = (-1.2, 1.0)


def ours() -> Callable[[], np.ndarray]:
    """Return the call that the app makes for each run: hyperparameters from the host, the rest on the device."""
    problem = SURFACES["rosenbrock"].bind({}, Scaling(SCALERS["none"], {}), 0)
    program = Programs().get(trajectory, problem.surface, OPTIMIZERS["adam"])
    rows = rows_for(STEPS)
    values = np.tile([RATE, BETA1, BETA2, EPS, 1.0], (rows, 1))
    noise, conditions = jnp.zeros((rows, 2)), jax.tree.map(jnp.asarray, Conditions())
    start = jnp.array(START)
    return lambda: np.asarray(program(problem.arrays, start, values, noise, conditions))[: STEPS + 1]


def eager() -> np.ndarray:
    """Step by step without compiling, as one would write it first."""
    transform = optax.adam(RATE, b1=BETA1, b2=BETA2, eps=EPS)
    params = jnp.array(START)
    state, path = transform.init(params), []
    for _ in range(STEPS + 1):
        path.append(params)
        grads = jax.grad(lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2)(params)
        updates, state = transform.update(grads, state)
        params = jnp.asarray(optax.apply_updates(params, updates))
    return np.array(path)


def plain() -> np.ndarray:
    """The textbook's loop in NumPy."""
    params, m, v = np.array(START), np.zeros(2), np.zeros(2)
    path, loss = np.empty((STEPS + 1, 2)), np.empty(STEPS + 1)
    for k in range(STEPS + 1):
        x, y = path[k] = params
        residual = y - x * x
        loss[k] = (1 - x) ** 2 + 100 * residual**2
        grads = np.array([-2 * (1 - x) - 400 * x * residual, 200 * residual])
        m, v = BETA1 * m + (1 - BETA1) * grads, BETA2 * v + (1 - BETA2) * grads**2
        m_hat, v_hat = m / (1 - BETA1 ** (k + 1)), v / (1 - BETA2 ** (k + 1))
        params = params - RATE * m_hat / (np.sqrt(v_hat) + EPS)
    return path


@numba.njit
def _compiled_loop(x, y, steps, path, loss):
    m0 = m1 = v0 = v1 = 0.0
    for k in range(steps + 1):
        path[k, 0], path[k, 1] = x, y
        residual = y - x * x
        loss[k] = (1 - x) ** 2 + 100 * residual * residual
        g0, g1 = -2 * (1 - x) - 400 * x * residual, 200 * residual
        m0, m1 = BETA1 * m0 + (1 - BETA1) * g0, BETA1 * m1 + (1 - BETA1) * g1
        v0, v1 = BETA2 * v0 + (1 - BETA2) * g0 * g0, BETA2 * v1 + (1 - BETA2) * g1 * g1
        kept1, kept2 = 1 - BETA1 ** (k + 1), 1 - BETA2 ** (k + 1)
        x -= RATE * (m0 / kept1) / (np.sqrt(v0 / kept2) + EPS)
        y -= RATE * (m1 / kept1) / (np.sqrt(v1 / kept2) + EPS)


def compiled() -> np.ndarray:
    """The same loop compiled for this surface and this optimizer alone, keeping path and loss: the practical limit."""
    path, loss = np.empty((STEPS + 1, 2)), np.empty(STEPS + 1)
    _compiled_loop(*START, STEPS, path, loss)
    return path


def measure() -> list[Row]:
    """Compare them; all four must walk the same path."""
    run = ours()
    for other in (plain(), compiled(), eager()):
        np.testing.assert_allclose(run()[:, :2], other, rtol=1e-6)
    took = interleaved({"ours": (run, 200), "compiled": (compiled, 200), "plain": (plain, 3)}, rounds=25)
    begin = time.perf_counter()
    eager()
    took["eager"] = (time.perf_counter() - begin) * 1e3
    ours_ms = took["ours"]
    return [
        row("500 Adam steps, our program with all that it records", ours_ms, "{:.3f} ms"),
        row("… of a compiled loop's time (numba; path and loss only)", ours_ms / took["compiled"], "{:.1f} ×", most=4),
        row("… faster than a NumPy loop", took["plain"] / ours_ms, "{:,.0f} ×"),
        row("… faster than eager steps (optax without jit)", took["eager"] / ours_ms, "{:,.0f} ×", least=1000),
    ]
