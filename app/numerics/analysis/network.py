"""A small real network whose whole Hessian can be looked at: how many of its eigenvalues are positive as it trains."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from app.numerics.problems.datasets import DATASETS
from app.runtime.programs import Programs

ROWS_OF = "breast_cancer"  # real rows; the network sees the pair of features that its record opens with
MOST_HIDDEN = 8
UPDATES = 2000
LEARNING_RATE, BETA = 0.3, 0.9  # heavy-ball momentum on all rows at once
STAGES = 32  # at which the Hessian is computed, evenly spaced on a logarithmic scale
ROUNDING = 1e-10  # of the largest eigenvalue: what rounding leaves of zero


@dataclass(frozen=True, kw_only=True, eq=False)
class Training:
    """The loss at every update, and the curvature at some."""

    parameters: int
    loss: Float[np.ndarray, " updates"]
    stages: Int[np.ndarray, " stages"]
    slope: Float[np.ndarray, " stages"]  # length of the gradient
    eigenvalues: Float[np.ndarray, "stages parameters"]  # ascending

    @property
    def ratio(self) -> Float[np.ndarray, " stages"]:
        """The share of positive eigenvalues: 1 at a minimum that is curved in every direction."""
        positive = self.eigenvalues > ROUNDING * np.abs(self.eigenvalues).max(axis=1, keepdims=True)
        return positive.mean(axis=1)


def layout(weights: Float[Array, " weights"]) -> tuple[Array, Array, Array, Array]:
    """Cut one vector into the weights and biases of two layers: 2 → MOST_HIDDEN → 1."""
    into = weights[: 2 * MOST_HIDDEN].reshape(2, MOST_HIDDEN)
    bias, out = weights[2 * MOST_HIDDEN : 3 * MOST_HIDDEN], weights[3 * MOST_HIDDEN : 4 * MOST_HIDDEN]
    return into, bias, out, weights[-1]


def cross_entropy(
    weights: Float[Array, " weights"], features: Float[Array, "rows 2"], signs: Float[Array, " rows"]
) -> Float[Array, ""]:
    """Mean logistic loss of a network with one layer of tanh units, for targets ±1."""
    into, bias, out, last = layout(weights)
    scores = jnp.tanh(features @ into + bias) @ out + last
    return jnp.mean(jax.nn.softplus(-signs * scores))


def train(
    features: Float[Array, "rows 2"],
    signs: Float[Array, " rows"],
    first: Float[Array, " weights"],
    is_used: Float[Array, " weights"],
    stages: Int[Array, " stages"],
) -> tuple[Float[Array, " updates"], Float[Array, "stages weights"], Float[Array, "stages weights weights"]]:
    """Return the loss before each update, and gradient and Hessian at the stages; unused weights stay 0."""

    def loss(weights: Float[Array, " weights"]) -> Float[Array, ""]:
        return cross_entropy(weights * is_used, features, signs)

    def step(carry: tuple[Array, Array], _: None) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        weights, velocity = carry
        value, grads = jax.value_and_grad(loss)(weights)
        velocity = BETA * velocity + grads
        return (weights - LEARNING_RATE * velocity, velocity), (weights, value)

    _, (path, losses) = jax.lax.scan(step, (first, jnp.zeros_like(first)), length=UPDATES + 1)
    chosen = path[stages]
    return losses, jax.lax.map(jax.grad(loss), chosen), jax.lax.map(jax.hessian(loss), chosen)


def training(programs: Programs, hidden: int, seed: int) -> Training:
    """Train a network of `hidden` units on real rows, and look at its curvature on the way; computed once."""
    return programs.remember(("network", hidden, seed), lambda: _training(programs, hidden, seed))


def _training(programs: Programs, hidden: int, seed: int) -> Training:
    dataset = DATASETS[ROWS_OF]
    columns = np.column_stack([dataset.column(name, seed) for name in dataset.pair])
    features = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    signs = 2 * dataset.column(dataset.target, seed) - 1
    is_unit = np.arange(MOST_HIDDEN) < hidden
    is_used = np.concatenate([np.tile(is_unit, 4), [True]])
    draws = np.random.RandomState(seed).standard_normal(len(is_used))
    # Weights into a unit have the variance 1/inputs; biases start at 0: LeCun et al., Efficient BackProp (1998).
    scales = np.concatenate(
        [np.full(2 * MOST_HIDDEN, 2**-0.5), np.zeros(MOST_HIDDEN), np.full(MOST_HIDDEN, hidden**-0.5), [0.0]]
    )
    stages = np.unique(np.rint(np.geomspace(1, UPDATES + 1, STAGES)).astype(int)) - 1
    stages = np.pad(stages, (0, STAGES - len(stages)), mode="edge")
    losses, grads, hessians = programs.get(train)(
        features, signs, draws * scales * is_used, is_used.astype(float), stages
    )
    used = np.flatnonzero(is_used)
    stages, kept = np.unique(stages, return_index=True)
    return Training(
        parameters=len(used),
        loss=np.asarray(losses),
        stages=stages,
        slope=np.linalg.norm(np.asarray(grads)[kept][:, used], axis=1),
        eigenvalues=np.linalg.eigvalsh(np.asarray(hessians)[kept][:, used][:, :, used]),
    )
