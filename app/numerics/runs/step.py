"""One optimizer's path over one surface: a scan in which every number from a visitor is data, never a new program."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from app.numerics.clipping import clip
from app.numerics.conditions import Conditions
from app.numerics.kernels import as_one_kernel
from app.numerics.optimizers.record import Optimizer
from app.numerics.penalties import penalty_sum, shrink, total_loss
from app.numerics.problems.surfaces.record import Arrays, Surface

LENGTHS = (128, 512, 2048)  # updates; a program exists for each bucket, the caller slices off what was asked


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


def _scan(
    surface: Surface,
    optimizer: Optimizer,
    arrays: Arrays,
    start: Float[Array, "2"],
    hyperparameters: Float[Array, "rows values"],
    noise: Float[Array, "rows 2"],
    conditions: Conditions,
) -> Float[Array, "rows columns"]:
    walk = Walk(surface, optimizer, arrays, conditions)

    def step(carry, inputs):
        carry, row = walk.step(carry, *inputs)
        shown = [jnp.broadcast_to(quantity, (2,)) for quantity in row.shown]
        return carry, jnp.concatenate([row.params, row.grads, row.updates, row.used, *shown, row.loss[None]])

    _, table = jax.lax.scan(step, walk.begin(start), (hyperparameters, noise))
    return table


class Row(NamedTuple):
    """What one update sees and does.

    `used` is the gradient that the optimizer was given, `shown` are its declared quantities.
    """

    params: Float[Array, "2"]
    loss: Float[Array, ""]
    grads: Float[Array, "2"]
    updates: Float[Array, "2"]
    used: Float[Array, "2"]
    shown: tuple[Float[Array, "..."], ...]


Hyperparameters = Float[Array, " values"] | tuple[Float[Array, ""], ...]  # in the order of the optimizer's record


class Acting(NamedTuple):
    """Whether there is a penalty and whether gradients are clipped: None where only the conditions' values tell."""

    penalty: bool | None = None
    clip: bool | None = None


UNKNOWN = Acting()


class Walk:
    """One optimizer on one surface, an update at a time: what every path and every pixel of a map is made of."""

    def __init__(
        self,
        surface: Surface,
        optimizer: Optimizer,
        arrays: Arrays,
        conditions: Conditions,
        acting: Acting = UNKNOWN,
    ) -> None:
        self._surface, self._optimizer, self._arrays, self._conditions = surface, optimizer, arrays, conditions
        self._acting = acting
        self._names = [parameter.name for parameter in optimizer.hyperparameters]
        self._rate = optimizer.learning_rate
        self.loss = total_loss(surface, arrays, conditions, has_penalty=acting.penalty is not False)

    def begin(self, start: Float[Array, "2"]) -> tuple[Float[Array, "2"], Any]:
        """Return what is carried from one update to the next: the point, and what the optimizer remembers."""
        return start, self._optimizer.init(start)

    def step(
        self, carry: tuple[Float[Array, "2"], Any], values: Hyperparameters, draw: Float[Array, "2"]
    ) -> tuple[tuple[Float[Array, "2"], Any], Row]:
        """Make one update with these hyperparameters; `draw` is added to its gradient."""
        optimizer, conditions = self._optimizer, self._conditions
        params, state = carry
        named = dict(zip(self._names, values, strict=True))
        loss, grads, smooth = self.loss_and_grads(params)
        if optimizer.gradient_at is not None:
            _, _, smooth = self.loss_and_grads(optimizer.gradient_at(params, state, **named))
        noisy = smooth + draw
        # The root and the division lie on the path that the next step waits for: only a run that clips takes them.
        has_bound = jnp.minimum(conditions.clip_value, conditions.clip_norm) < jnp.inf
        used = _either(self._acting.clip, has_bound, lambda: clip(noisy, conditions), lambda: noisy)
        updates, state, shown = optimizer.step(used, state, params, named, value=loss, value_fn=self.loss)
        if optimizer.has_proximal and self._rate is not None:
            moved = shrink(params + updates, named[self._rate.name] * conditions.proximal_weight)
            updates = jnp.where(conditions.proximal_weight > 0, moved - params, updates)
        return (params + updates, state), Row(params, loss, grads, updates, used, shown)

    def loss_and_grads(self, point: Float[Array, "2"]) -> tuple[Array, Array, Array]:
        """Return the loss and its gradient with the whole penalty, and the gradient that the optimizer is to use."""
        conditions = self._conditions
        loss, grads = jax.value_and_grad(self._surface.loss)(point, self._arrays)
        # Powers are the dearest part of a step: they are taken only if there is a penalty.
        penalty, slope = _either(
            self._acting.penalty,
            conditions.weight != 0,
            lambda: jax.value_and_grad(penalty_sum)(point, conditions.exponent),
            lambda: (jnp.zeros_like(loss), jnp.zeros_like(grads)),
        )
        smooth = grads + conditions.smooth_weight * slope
        return loss + conditions.weight * penalty, smooth + conditions.proximal_weight * slope, smooth


def _either(
    is_known: bool | None, holds: Bool[Array, ""] | bool, act: Callable[[], Any], rest: Callable[[], Any]
) -> Any:
    """Take one of two branches: while tracing, where it is known which."""
    if is_known is None:
        return jax.lax.cond(holds, act, rest)
    return act() if is_known else rest()
