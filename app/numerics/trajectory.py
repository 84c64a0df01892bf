"""One optimizer's path over one surface: a scan in which every number from a visitor is data, never a new program."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax.experimental.xla_metadata import set_xla_metadata
from jaxtyping import Array, Float

from app.numerics.optimizers.record import Optimizer
from app.numerics.surfaces.record import Arrays, Surface

LENGTHS = (128, 512, 2048)  # updates; a program exists for each bucket, the caller slices off what was asked


class Conditions(NamedTuple):
    """Penalty and clipping as data: with the neutral values of `NEUTRAL` they change nothing.

    The penalty is weight·Σ|θᵢ|^exponent. `smooth_weight` enters the gradient, `proximal_weight` the proximal step
    after the update (exponent 1 only); their sum enters the loss. Clipping bounds each component, then the norm.
    """

    smooth_weight: Float[Array, ""] | float = 0.0
    proximal_weight: Float[Array, ""] | float = 0.0
    exponent: Float[Array, ""] | float = 2.0
    clip_value: Float[Array, ""] | float = jnp.inf
    clip_norm: Float[Array, ""] | float = jnp.inf

    @property
    def weight(self) -> Float[Array, ""] | float:
        """The weight of the penalty in the loss."""
        return self.smooth_weight + self.proximal_weight

    def without_proximal(self) -> "Conditions":
        """The same penalty for an optimizer that has no proximal step: all of it in the gradient."""
        return self._replace(smooth_weight=self.weight, proximal_weight=0.0)


class Trajectory(NamedTuple):
    """The table that `trajectory` makes; its columns are views, found by name.

    Row k is the point before update k, and everything that update k computes there.
    """

    optimizer: Optimizer
    table: Float[np.ndarray, "rows columns"]

    @property
    def params(self) -> Float[np.ndarray, "rows 2"]:
        """The points."""
        return self.table[:, 0:2]

    @property
    def loss(self) -> Float[np.ndarray, " rows"]:
        """The loss with penalty, at params."""
        return self.table[:, -1]

    @property
    def grads(self) -> Float[np.ndarray, "rows 2"]:
        """The gradient of loss with penalty, at params: no noise, no clipping, no look-ahead."""
        return self.table[:, 2:4]

    @property
    def updates(self) -> Float[np.ndarray, "rows 2"]:
        """The next row is params + updates, to rounding."""
        return self.table[:, 4:6]

    @property
    def state(self) -> Mapping[str, Float[np.ndarray, "rows 2"]]:
        """`gradient_used`, and the optimizer's declared quantities."""
        names = ("gradient_used", *(quantity.name for quantity in self.optimizer.quantities))
        columns = (self.table[:, column : column + 2] for column in range(6, self.table.shape[1] - 1, 2))
        return dict(zip(names, columns, strict=True))


def penalty_sum(params: Float[Array, "2"], exponent: Float[Array, ""] | float) -> Float[Array, ""]:
    """Σ|θᵢ|^exponent, whose derivative at 0 is the subgradient 0 for every exponent."""
    # |θ|^q has an infinite or undefined slope at 0 for q ≤ 1: both branches of `where` are evaluated, so the
    # argument is made safe first.
    is_zero = params == 0
    magnitude = jnp.where(is_zero, 1.0, jnp.abs(params))
    # Of the squares the curvature at 0 is known: without it a ridge penalty would bend nothing on the axes.
    at_zero = jnp.where(exponent == 2, params**2, 0.0)
    return jnp.sum(jnp.where(is_zero, at_zero, magnitude**exponent))


def total_loss(surface: Surface, arrays: Arrays, conditions: Conditions) -> Callable:
    """Return the loss that is descended, drawn and listed: the surface's own plus the penalty."""

    def loss(params: Float[Array, "2"]) -> Float[Array, ""]:
        return surface.loss(params, arrays) + conditions.weight * penalty_sum(params, conditions.exponent)

    return loss


def clip(grads: Float[Array, "2"], conditions: Conditions) -> Float[Array, "2"]:
    """Clip by value, then by norm."""

    def clipped() -> Float[Array, "2"]:
        bounded = jnp.clip(grads, -conditions.clip_value, conditions.clip_value)
        norm = optax.tree.norm(bounded)
        # A comparison instead of min(1, bound/norm): the bound may be infinite, and inf/inf would poison the gradient.
        is_long = norm > conditions.clip_norm
        return jnp.where(is_long, bounded * (conditions.clip_norm / jnp.where(is_long, norm, 1.0)), bounded)

    # The root and the division lie on the path that the next step waits for: only a run that clips takes them.
    has_bound = jnp.minimum(conditions.clip_value, conditions.clip_norm) < jnp.inf
    return jax.lax.cond(has_bound, clipped, lambda: grads)


def shrink(params: Float[Array, "2"], threshold: Float[Array, ""]) -> Float[Array, "2"]:
    """Soft thresholding, the proximal step of threshold·‖θ‖₁: exact zeros inside it."""
    return jnp.sign(params) * jnp.maximum(jnp.abs(params) - threshold, 0.0)


def trajectory(
    surface: Surface,
    optimizer: Optimizer,
    arrays: Arrays,
    start: Float[Array, "2"],
    hyperparameters: Float[Array, "rows values"],
    noise: Float[Array, "rows 2"],
    conditions: Conditions,
) -> Float[Array, "rows columns"]:
    """Run `optimizer` from `start`; `hyperparameters[k]` are update k's, in the order of the optimizer's record.

    The order of composition: gradient of loss with penalty, noise, clipping, the optimizer, its learning rate.
    The answer is one table, which `Trajectory` reads: a dozen arrays would take longer to hand over than to compute.
    """
    return as_one_kernel(functools.partial(_scan, surface, optimizer))(
        arrays, start, hyperparameters, noise, conditions
    )


def as_one_kernel(function: Callable) -> Callable:
    """Return `function` such that XLA compiles all of it into one CPU kernel, where it is part of a jitted program.

    XLA:CPU otherwise dispatches the operations of a loop's body one by one, which takes ten times as long as their
    arithmetic on two numbers. It joins only loops that touch at most 1,024 bytes per turn (its
    SmallWhileLoopHoistingPass) by marking a call with these two attributes; here they are set by hand. They change no
    value, and an XLA that does not know them is only slower: `make bench` would show it.
    """

    def call(*arguments):
        return set_xla_metadata(jax.jit(function)(*arguments), inlineable="false", xla_cpu_small_call="true")

    return call


def _scan(
    surface: Surface,
    optimizer: Optimizer,
    arrays: Arrays,
    start: Float[Array, "2"],
    hyperparameters: Float[Array, "rows values"],
    noise: Float[Array, "rows 2"],
    conditions: Conditions,
) -> Float[Array, "rows columns"]:
    names = [parameter.name for parameter in optimizer.hyperparameters]
    shown = [quantity.name for quantity in optimizer.quantities]
    value_fn = total_loss(surface, arrays, conditions)

    def transform(values: Float[Array, " values"]) -> tuple[dict, Any]:
        named = dict(zip(names, values, strict=True))
        return named, optax.with_extra_args_support(optimizer.build(**named))

    def loss_and_grads(point):
        """Return the loss and its gradient with the whole penalty, and the gradient that the optimizer is to use."""
        loss, grads = jax.value_and_grad(surface.loss)(point, arrays)
        # Powers are the dearest part of a step: they are taken only if there is a penalty.
        penalty, slope = jax.lax.cond(
            conditions.weight != 0,
            lambda: jax.value_and_grad(penalty_sum)(point, conditions.exponent),
            lambda: (jnp.zeros_like(loss), jnp.zeros_like(grads)),
        )
        smooth = grads + conditions.smooth_weight * slope
        return loss + conditions.weight * penalty, smooth + conditions.proximal_weight * slope, smooth

    def step(carry, inputs):
        params, opt_state = carry
        values, draw = inputs
        named, update = transform(values)
        loss, grads, smooth = loss_and_grads(params)
        state = {}
        if optimizer.lookahead is not None:
            state["lookahead"] = optimizer.lookahead(params, opt_state, **named)
            _, _, smooth = loss_and_grads(state["lookahead"])
        used = clip(smooth + draw, conditions)
        updates, opt_state = update.update(used, opt_state, params, value=loss, grad=used, value_fn=value_fn)
        if optimizer.has_proximal:
            moved = shrink(params + updates, named["learning_rate"] * conditions.proximal_weight)
            updates = jnp.where(conditions.proximal_weight > 0, moved - params, updates)
        state |= optimizer.observe(opt_state, **named)
        row = [params, grads, updates, used, *(state[name] for name in shown), loss[None]]
        return (params + updates, opt_state), jnp.concatenate(row)

    _, first = transform(hyperparameters[0])
    _, table = jax.lax.scan(step, (start, first.init(start)), (hyperparameters, noise))
    return table
