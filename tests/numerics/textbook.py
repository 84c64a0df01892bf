"""Every optimizer once more, as a plain loop in NumPy written from its paper, and three surfaces to run them on.

Each loop yields, for t = 1, 2, …, the point before the update and the quantities that the update computes, under the
names of the record.
"""

import itertools
import math
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

Rows = Iterator[tuple[np.ndarray, dict[str, np.ndarray]]]


class Terrain(NamedTuple):
    """A loss with its derivatives, all by hand."""

    loss: Callable[[np.ndarray], float]
    gradient: Callable[[np.ndarray], np.ndarray]
    hessian: Callable[[np.ndarray], np.ndarray]


def _beale_terms(point: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Residuals aᵢ − x(1 − yⁱ), their derivatives (3, 2), and d/dy and d²/dy² of xyⁱ."""
    x, y = point
    powers = np.array([1, 2, 3])
    residuals = np.array([1.5, 2.25, 2.625]) - x * (1 - y**powers)
    jacobian = np.stack([y**powers - 1, x * powers * y ** (powers - 1)], axis=1)
    second = np.stack([powers * y ** (powers - 1), x * powers * (powers - 1) * np.array([0.0, 1.0, y])], axis=1)
    return residuals, jacobian, second


def _beale_hessian(point: np.ndarray) -> np.ndarray:
    residuals, jacobian, second = _beale_terms(point)
    mixed, straight = residuals @ second
    return 2 * jacobian.T @ jacobian + 2 * np.array([[0.0, mixed], [mixed, straight]])


TERRAINS = {
    "bowl": Terrain(  # κ = 25, angle 0
        lambda p: 0.5 * (p[0] ** 2 + 25 * p[1] ** 2),
        lambda p: np.array([p[0], 25 * p[1]]),
        lambda _p: np.diag([1.0, 25.0]),
    ),
    "rosenbrock": Terrain(
        lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2,
        lambda p: np.array([-2 * (1 - p[0]) - 400 * p[0] * (p[1] - p[0] ** 2), 200 * (p[1] - p[0] ** 2)]),
        lambda p: np.array([[2 - 400 * p[1] + 1200 * p[0] ** 2, -400 * p[0]], [-400 * p[0], 200.0]]),
    ),
    "beale": Terrain(
        lambda p: float(np.sum(_beale_terms(p)[0] ** 2)),
        lambda p: 2 * _beale_terms(p)[0] @ _beale_terms(p)[1],
        _beale_hessian,
    ),
}


def gd(terrain: Terrain, x: np.ndarray, *, learning_rate: float) -> Rows:
    while True:
        yield x, {}
        x = x - learning_rate * terrain.gradient(x)


def momentum(terrain: Terrain, x: np.ndarray, *, learning_rate: float, beta1: float) -> Rows:
    v = np.zeros(2)
    while True:
        v = beta1 * v + terrain.gradient(x)
        yield x, {"v": v}
        x = x - learning_rate * v


def momentum_ema(terrain: Terrain, x: np.ndarray, *, learning_rate: float, beta1: float, debias: bool) -> Rows:
    v = np.zeros(2)
    for t in itertools.count(1):
        v = beta1 * v + (1 - beta1) * terrain.gradient(x)
        v_hat = v / (1 - beta1**t) if debias else v
        yield x, {"v": v, "v_hat": v_hat}
        x = x - learning_rate * v_hat


def nesterov(terrain: Terrain, x: np.ndarray, *, learning_rate: float, beta1: float) -> Rows:
    m = np.zeros(2)
    while True:
        ahead = x - beta1 * m
        m = beta1 * m + learning_rate * terrain.gradient(ahead)
        yield x, {"m": m, "lookahead": ahead}
        x = x - m


def adagrad(terrain: Terrain, x: np.ndarray, *, learning_rate: float, eps: float) -> Rows:
    r = np.zeros(2)
    while True:
        g = terrain.gradient(x)
        r = r + g**2
        rate = learning_rate / (np.sqrt(r) + eps)
        yield x, {"r": r, "effective_rate": rate}
        x = x - rate * g


def adagrad_mean(terrain: Terrain, x: np.ndarray, *, learning_rate: float) -> Rows:
    squares = []
    while True:
        g = terrain.gradient(x)
        squares.append(g**2)
        sigma = np.sqrt(np.mean(squares, axis=0))
        yield x, {"sigma": sigma, "effective_rate": learning_rate / sigma}
        x = x - learning_rate / sigma * g


def rmsprop(terrain: Terrain, x: np.ndarray, *, learning_rate: float, beta2: float, eps: float, initial: str) -> Rows:
    s = {"zero": np.zeros(2), "first_gradient": terrain.gradient(x) ** 2}[initial]
    while True:
        g = terrain.gradient(x)
        s = beta2 * s + (1 - beta2) * g**2
        rate = learning_rate / (np.sqrt(s) + eps)
        yield x, {"s": s, "effective_rate": rate}
        x = x - rate * g


def adadelta(terrain: Terrain, x: np.ndarray, *, rho: float, eps: float) -> Rows:
    s, d = np.zeros(2), np.zeros(2)
    while True:
        g = terrain.gradient(x)
        s = rho * s + (1 - rho) * g**2
        rate = np.sqrt(d + eps) / np.sqrt(s + eps)
        yield x, {"s": s, "d": d, "effective_rate": rate}
        d = rho * d + (1 - rho) * (rate * g) ** 2
        x = x - rate * g


def adam(
    terrain: Terrain,
    x: np.ndarray,
    *,
    learning_rate: float,
    beta1: float,
    beta2: float,
    eps: float,
    debias: bool = True,
    weight_decay: float = 0.0,
) -> Rows:
    m, v = np.zeros(2), np.zeros(2)
    for t in itertools.count(1):
        g = terrain.gradient(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = (m / (1 - beta1**t), v / (1 - beta2**t)) if debias else (m, v)
        rate = learning_rate / (np.sqrt(v_hat) + eps)
        yield x, {"m": m, "v": v, "m_hat": m_hat, "v_hat": v_hat, "effective_rate": rate}
        x = (1 - learning_rate * weight_decay) * x - rate * m_hat


adamw = adam


def adamax(terrain: Terrain, x: np.ndarray, *, learning_rate: float, beta1: float, beta2: float, eps: float) -> Rows:
    m, u = np.zeros(2), np.zeros(2)
    for t in itertools.count(1):
        g = terrain.gradient(x)
        m = beta1 * m + (1 - beta1) * g
        u = np.maximum(beta2 * u, np.abs(g) + eps)
        m_hat = m / (1 - beta1**t)
        yield x, {"m": m, "u": u, "m_hat": m_hat, "effective_rate": learning_rate / u}
        x = x - learning_rate / u * m_hat


def amsgrad(terrain: Terrain, x: np.ndarray, *, learning_rate: float, beta1: float, beta2: float, eps: float) -> Rows:
    m, v, v_max = np.zeros(2), np.zeros(2), np.zeros(2)
    for t in itertools.count(1):
        g = terrain.gradient(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        v_max = np.maximum(v_max, v)
        m_hat, v_hat = m / (1 - beta1**t), v_max / (1 - beta2**t)
        rate = learning_rate / (np.sqrt(v_hat) + eps)
        yield x, {"m": m, "v": v, "v_max": v_max, "m_hat": m_hat, "v_hat": v_hat, "effective_rate": rate}
        x = x - rate * m_hat


def nadam(terrain: Terrain, x: np.ndarray, *, learning_rate: float, beta1: float, beta2: float, eps: float) -> Rows:
    """Dozat's algorithm 2 with μ_t = β₁ for all t, so that Π μ_i = β₁ᵗ."""
    m, n = np.zeros(2), np.zeros(2)
    for t in itertools.count(1):
        g = terrain.gradient(x)
        m = beta1 * m + (1 - beta1) * g
        n = beta2 * n + (1 - beta2) * g**2
        m_hat = beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
        n_hat = n / (1 - beta2**t)
        rate = learning_rate / (np.sqrt(n_hat) + eps)
        yield x, {"m": m, "v": n, "m_hat": m_hat, "v_hat": n_hat, "effective_rate": rate}
        x = x - rate * m_hat


def radam(terrain: Terrain, x: np.ndarray, *, learning_rate: float, beta1: float, beta2: float, eps: float) -> Rows:
    m, v = np.zeros(2), np.zeros(2)
    rho_inf = 2 / (1 - beta2) - 1
    for t in itertools.count(1):
        g = terrain.gradient(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        rho = rho_inf - 2 * t * beta2**t / (1 - beta2**t)
        if rho > 4:
            r = math.sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))
            rate = learning_rate * r / (np.sqrt(v_hat) + eps)
        else:
            r, rate = 0.0, np.full(2, learning_rate)
        shown = {"m": m, "v": v, "m_hat": m_hat, "v_hat": v_hat, "rectification": np.full(2, r)}
        yield x, {**shown, "effective_rate": rate}
        x = x - rate * m_hat


def adabelief(terrain: Terrain, x: np.ndarray, *, learning_rate: float, beta1: float, beta2: float, eps: float) -> Rows:
    m, s = np.zeros(2), np.zeros(2)
    for t in itertools.count(1):
        g = terrain.gradient(x)
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * (g - m) ** 2 + eps
        m_hat, s_hat = m / (1 - beta1**t), s / (1 - beta2**t)
        rate = learning_rate / (np.sqrt(s_hat) + eps)
        yield x, {"m": m, "s": s, "m_hat": m_hat, "s_hat": s_hat, "effective_rate": rate}
        x = x - rate * m_hat


def yogi(terrain: Terrain, x: np.ndarray, *, learning_rate: float, beta1: float, beta2: float, eps: float) -> Rows:
    m, v = np.zeros(2), np.zeros(2)
    while True:
        g = terrain.gradient(x)
        m = beta1 * m + (1 - beta1) * g
        v = v - (1 - beta2) * np.sign(v - g**2) * g**2
        rate = learning_rate / (np.sqrt(v) + eps)
        yield x, {"m": m, "v": v, "effective_rate": rate}
        x = x - rate * m


def lion(
    terrain: Terrain, x: np.ndarray, *, learning_rate: float, beta1: float, beta2: float, weight_decay: float
) -> Rows:
    m = np.zeros(2)
    while True:
        g = terrain.gradient(x)
        c = beta1 * m + (1 - beta1) * g
        m = beta2 * m + (1 - beta2) * g
        yield x, {"c": c, "m": m}
        x = x - learning_rate * (np.sign(c) + weight_decay * x)


def adan(
    terrain: Terrain,
    x: np.ndarray,
    *,
    learning_rate: float,
    beta1: float,
    beta2: float,
    beta3: float,
    eps: float,
    weight_decay: float,
) -> Rows:
    """Algorithm 1 with β for the paper's 1 − β; m₀ = g₀, v₀ = 0, n₀ = g₀², as at its restarts."""
    last = terrain.gradient(x)
    m, v, n = last, np.zeros(2), last**2
    while True:
        g = terrain.gradient(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * (g - last)
        n = beta3 * n + (1 - beta3) * (g + beta2 * (g - last)) ** 2
        rate = learning_rate / (np.sqrt(n) + eps)
        direction = m + beta2 * v
        yield x, {"m": m, "v": v, "n": n, "direction": direction, "effective_rate": rate}
        x = (x - rate * direction) / (1 + weight_decay * learning_rate)
        last = g


def sign_sgd(terrain: Terrain, x: np.ndarray, *, learning_rate: float) -> Rows:
    while True:
        yield x, {}
        x = x - learning_rate * np.sign(terrain.gradient(x))


def newton(terrain: Terrain, x: np.ndarray) -> Rows:
    while True:
        hessian = terrain.hessian(x)
        shown = {"hessian_x": hessian[0], "hessian_y": hessian[1], "eigenvalues": np.linalg.eigvalsh(hessian)}
        yield x, shown
        x = x - np.linalg.solve(hessian, terrain.gradient(x))


def lbfgs(terrain: Terrain, x: np.ndarray) -> Rows:
    """Nocedal and Wright's algorithms 7.4 and 3.1: ten pairs, sᵀy > 0, Armijo's condition with c = 10⁻⁴ and halving."""
    pairs: deque[tuple[np.ndarray, np.ndarray]] = deque(maxlen=10)
    last = None
    while True:
        g = terrain.gradient(x)
        if last is not None and (x - last[0]) @ (g - last[1]) > 0:
            pairs.append((x - last[0], g - last[1]))
        q, alphas = g, []
        for s, y in reversed(pairs):
            alphas.append(s @ q / (s @ y))
            q = q - alphas[-1] * y
        scale = pairs[-1][0] @ pairs[-1][1] / (pairs[-1][1] @ pairs[-1][1]) if pairs else 1 / max(1, math.hypot(*g))
        r = scale * q
        for (s, y), alpha in zip(pairs, reversed(alphas), strict=True):
            r = r + s * (alpha - y @ r / (s @ y))
        halvings = (0.5**k for k in range(31))
        value = terrain.loss(x)
        step = next((a for a in halvings if terrain.loss(x - a * r) <= value - 1e-4 * a * (g @ r)), 0.0)
        yield x, {"direction": -r, "step_size": np.full(2, step)}
        last = x, g
        x = x - step * r
