"""Optimizers that use the sign alone, of the gradient or of its average."""

from dataclasses import replace

import jax.numpy as jnp

from app.numerics.optimizers.arithmetic import average
from app.numerics.optimizers.hyperparameters import BETA1, LEARNING_RATE, WEIGHT_DECAY
from app.numerics.optimizers.record import Quantity, Scalar, State, Step, Vector, aligned, optimizer
from app.schema.messages import N_

FAMILY = N_("Sign of the gradient")


@optimizer(
    title=N_("Sign descent"),
    family=FAMILY,
    formula=r"\theta \leftarrow \theta - \eta \operatorname{sign}(g)",
    source="Bernstein, Wang, Azizzadenesheli and Anandkumar, signSGD, ICML (2018), algorithm 1",
    about=N_("Every coordinate moves by exactly the learning rate, whatever the slope."),
    hyperparameters=(replace(LEARNING_RATE, default=0.02),),
)
def sign_sgd(grads: Vector, state: State, params: Vector, *, learning_rate: Scalar) -> Step:
    """θ ← θ − η sign g."""
    return Step(updates=-learning_rate * jnp.sign(grads), state=state)


@optimizer(
    title=N_("Lion"),
    family=FAMILY,
    formula=aligned(
        r"c &= \beta_1 m + (1-\beta_1)\, g",
        r"\theta &\leftarrow \theta - \eta \left(\operatorname{sign}(c) + \lambda\theta\right)",
        r"m &\leftarrow \beta_2 m + (1-\beta_2)\, g",
    ),
    source="Chen et al., Symbolic Discovery of Optimization Algorithms, NeurIPS (2023), algorithm 2",
    about=N_("The sign of averaged gradients; the newest gradient counts more in the step than in the memory."),
    init=jnp.zeros_like,
    hyperparameters=(
        replace(LEARNING_RATE, default=0.05),
        BETA1,
        replace(
            BETA1,
            name="beta2",
            title=N_("Memory of gradients"),
            symbol="β₂",
            default=0.99,
            shared="",
            help=N_("What is kept of the average of gradients that the next steps are mixed from."),
        ),
        WEIGHT_DECAY,
    ),
    quantities=(
        Quantity(name="c", symbol="c", title=N_("Mix whose sign is the step")),
        Quantity(name="m", symbol="m", title=N_("Average of gradients")),
    ),
)
def lion(
    grads: Vector,
    m: Vector,
    params: Vector,
    *,
    learning_rate: Scalar,
    beta1: Scalar,
    beta2: Scalar,
    weight_decay: Scalar,
) -> Step:
    """Lion; the state is the average of gradients."""
    c = average(beta1, m, grads)
    updates = -learning_rate * (jnp.sign(c) + weight_decay * params)
    m = average(beta2, m, grads)
    return Step(updates, state=m, shown=(c, m))
