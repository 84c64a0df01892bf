"""Mini-batches: a loss that is the mean over rows, descended with a few shuffled rows at a time.

A scan over rows, not over updates: where a batch ends is data, so that no batch size ever compiles a program of its
own, and an epoch costs the same whatever the size is.
"""

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from app.numerics.optimizers.record import Optimizer
from app.numerics.problems import evaluate
from app.numerics.problems.surfaces import SURFACES
from app.numerics.problems.surfaces.record import Box, Point, Problem
from app.numerics.runs.events import events_of, settled
from app.numerics.runs.explain import Evidence, Outcome, outcome_of
from app.numerics.runs.outcome import Ends, judge
from app.numerics.runs.single import goal_of, ground_of
from app.numerics.runs.spec import FREE, number_of, rate_column
from app.numerics.runs.step import as_one_kernel
from app.runtime.programs import Programs
from app.schema.messages import N_, Mistake

# Rows that one program reads, in all epochs together and one more, and points at which one program takes the full
# loss: multiples of evaluate.BATCH. The caller cuts off what was not asked.
LENGTHS = (2048, 20_480, 131_072)
MOST_ROWS = 576  # of a data set
MOST_UPDATES = 20_000
SHUFFLES = 100  # from which the spread of batch gradients is measured
TILTS = 64  # made rows of a surface that has none of its own
TILT = 2.5  # standard deviation of each component of their slopes


@dataclass(frozen=True, kw_only=True, eq=False)
class RowLoss:
    """What one row says of the weights; the mean over all training rows is the loss of `surface`, to rounding.

    `loss(params, row)` is pure JAX; `rows(problem, values, seed)` returns all rows as it takes them, test rows too.
    """

    surface: str
    loss: Callable[[Float[Array, "2"], Float[Array, "3"]], Float[Array, ""]]
    rows: Callable[[Problem, Mapping, int], Float[np.ndarray, "rows 3"]]
    mean: Callable[..., Float[Array, " points"]] | None = (
        None  # of rows with shares at many points, if not the surface's
    )


def _squares(params: Float[Array, "2"], row: Float[Array, "3"]) -> Float[Array, ""]:
    return 0.5 * (jnp.dot(params, row[:2]) - row[2]) ** 2


def _square_rows(problem: Problem, values: Mapping, _seed: int) -> Float[np.ndarray, "rows 3"]:
    table = _table(problem)
    # The intercept is the best one for all training rows, not for those of a batch: centering puts it in.
    return table - table[is_train(problem)].mean(axis=0) if values["intercept"] == "profiled" else table


def _logs(params: Float[Array, "2"], row: Float[Array, "3"]) -> Float[Array, ""]:
    return jax.nn.softplus(-row[2] * jnp.dot(params, row[:2]))


LOGS_AT_ONCE = 64  # a product of so many numbers between 1 and 2 is far from infinite


def mean_log(
    points: Float[Array, "points 2"], rows: Float[Array, "rows 3"], shares: Float[Array, " rows"]
) -> Float[Array, " points"]:
    """Return Σ share·ln(1 + exp(−t(w·x))) at many points, where every share is the same or 0.

    One logarithm for 64 rows, that of their product: a long path takes a quarter of the time.
    """

    def loss(params: Float[Array, "2"]) -> Float[Array, ""]:
        scores = rows[:, 2] * (rows[:, 0] * params[0] + rows[:, 1] * params[1])
        factors = 1 + jnp.where(shares > 0, jnp.exp(-jnp.abs(scores)), 0.0)
        logs = jnp.sum(jnp.log(jnp.prod(factors.reshape(-1, LOGS_AT_ONCE), axis=1)))
        return jnp.dot(shares, jnp.maximum(-scores, 0.0)) + jnp.max(shares) * logs

    return jax.lax.map(loss, points, batch_size=evaluate.BATCH)


def _log_rows(problem: Problem, _values: Mapping, _seed: int) -> Float[np.ndarray, "rows 3"]:
    table = _table(problem)
    table[:, 2] = np.where(table[:, 2] > 0, 1.0, -1.0)
    return table


def _table(problem: Problem) -> Float[np.ndarray, "rows 3"]:
    rows = problem.rows
    if rows is None:
        raise TypeError(f"{problem.surface.name} is not made of rows")
    return np.column_stack([rows.scaled, rows.targets])


def is_train(problem: Problem) -> Bool[np.ndarray, " rows"]:
    """Which rows train: all that were made for a surface that has none of its own."""
    return np.ones(TILTS, dtype=bool) if problem.rows is None else problem.rows.is_train


def _tilted(params: Float[Array, "2"], row: Float[Array, "3"]) -> Float[Array, ""]:
    return SURFACES["two_valleys"].loss(params, {}) + jnp.dot(params, row[:2])


def _tilts(_problem: Problem, _values: Mapping, seed: int) -> Float[np.ndarray, "rows 3"]:
    """Slopes that cancel in the mean, so that all rows together are the surface itself."""
    table = np.zeros((TILTS, 3))
    slopes = np.random.RandomState([seed, 1]).standard_normal((TILTS, 2))
    slopes -= slopes.mean(axis=0)
    table[:, :2] = TILT * slopes / slopes.std(axis=0)
    return table


ROW_LOSSES: Mapping[str, RowLoss] = MappingProxyType(
    {
        each.surface: each
        for each in (
            RowLoss(surface="regression", loss=_squares, rows=_square_rows),
            RowLoss(surface="logistic", loss=_logs, rows=_log_rows, mean=mean_log),
            RowLoss(surface="two_valleys", loss=_tilted, rows=_tilts),
        )
    }
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Lesson:
    """What all runs share."""

    problem: Problem
    row_loss: RowLoss
    rows: Float[np.ndarray, "rows 3"]  # the training rows, as the row loss takes them
    held_out: Float[np.ndarray, "held_out 3"]  # the test rows
    start: Point
    epochs: int
    seed: int
    view: Box
    tolerance: float

    @property
    def n(self) -> int:
        """How many rows train."""
        return len(self.rows)


@dataclass(frozen=True, kw_only=True, eq=False)
class Learner:
    """One optimizer with its batch size and the values of its hyperparameters, by name."""

    optimizer: Optimizer
    values: Mapping[str, float | bool | str]
    batch: int  # at most n

    @property
    def numbers(self) -> Float[np.ndarray, " values"]:
        """The values in the order of the record, as a program takes them."""
        return np.array([number_of(each, self.values[each.name]) for each in self.optimizer.hyperparameters])


class Steps(NamedTuple):
    """Row k of `params` is the point before update k, of the others what its batch said."""

    params: Float[np.ndarray, "points 2"]
    grads: Float[np.ndarray, "updates 2"]
    batch_loss: Float[np.ndarray, " updates"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Learned:
    """One run: row k is the state before update k; `updates` + 1 rows of points, one less of batches."""

    learner: Learner
    params: Float[np.ndarray, "points 2"]
    loss: Float[np.ndarray, " points"]  # of all training rows
    grads: Float[np.ndarray, "updates 2"]  # of the batch, where the optimizer took it
    batch_loss: Float[np.ndarray, " updates"]  # taken at the same point
    epoch_loss: Float[np.ndarray, " epochs"]  # `loss` before the first epoch and after each
    test_loss: Float[np.ndarray, " epochs"] | None  # of the test rows at the same points
    outcome: Outcome


class Noise(NamedTuple):
    """Root mean square distance of a batch's gradient from that of all rows."""

    batch_sizes: Int[np.ndarray, " sizes"]
    predicted: Float[np.ndarray, " sizes"]
    measured: Float[np.ndarray, " sizes"]


def updates_per_epoch(n: int, batch: int) -> int:
    """⌈n/B⌉: the last batch takes the rows that are left."""
    return math.ceil(n / batch)


def time_per_epoch(n: int, batch: int, parallel: int) -> int:
    """⌈n/B⌉·⌈B/P⌉ in units of one pass of a machine that takes P rows at once."""
    return updates_per_epoch(n, batch) * math.ceil(min(batch, n) / parallel)


def check_updates(n: int, batch: int, epochs: int) -> None:
    """Refuse what would take too long.

    Raises:
        Mistake: says which numbers make too many updates.
    """
    each = updates_per_epoch(n, batch)
    if each * epochs > MOST_UPDATES:
        raise Mistake(
            N_(
                "{epochs} epochs of {n} rows in batches of {batch} are {epochs} · {each} = {updates} updates; "
                "expected at most {most}"
            ),
            epochs=epochs,
            n=n,
            batch=batch,
            each=each,
            updates=each * epochs,
            most=MOST_UPDATES,
        )


@functools.lru_cache(maxsize=16)
def orders(n: int, epochs: int, seed: int) -> Int[np.ndarray, "epochs rows"]:
    """Shuffle the rows anew for each epoch; every batch size gets the same order, and more epochs begin alike."""
    # A stream apart from those that split the rows and make them; NumPy never changes it (NEP 19).
    random = np.random.RandomState([seed, 2])
    order = np.array([random.permutation(n) for _ in range(epochs)])
    order.flags.writeable = False
    return order


def batch_rows(lesson: Lesson, batch: int, update: int) -> Int[np.ndarray, " batch"]:
    """Return the indices of the training rows that update number `update` sees."""
    epoch, which = divmod(update, updates_per_epoch(lesson.n, batch))
    return orders(lesson.n, lesson.epochs, lesson.seed)[epoch, which * batch : (which + 1) * batch]


def learn(
    row_loss: RowLoss,
    optimizer: Optimizer,
    start: Float[Array, "2"],
    values: Float[Array, " values"],
    rows: Float[Array, "rows 4"],
) -> Float[Array, "rows 5"]:
    """Go through rows in their order, and update where a batch ends.

    Args:
        rows: three numbers for the row loss, and 1/size of the batch that ends with this row, 0 for others.

    Returns:
        Row by row: the point before a possible update, and gradient and loss of the batch so far, summed, or their
        mean where the batch ends.
    """
    return as_one_kernel(functools.partial(_scan, row_loss, optimizer))(start, values, rows)


def _scan(
    row_loss: RowLoss,
    optimizer: Optimizer,
    start: Float[Array, "2"],
    values: Float[Array, " values"],
    rows: Float[Array, "rows 4"],
) -> Float[Array, "rows 5"]:
    named = dict(zip((each.name for each in optimizer.hyperparameters), values, strict=True))

    def read(carry, row):
        params, state, grads, loss = carry
        seen = params if optimizer.gradient_at is None else optimizer.gradient_at(params, state, **named)
        added = jax.value_and_grad(row_loss.loss)(seen, row[:3])
        loss, grads = loss + added[0], grads + added[1]
        share = row[3]

        def end():
            mean, slope = loss * share, grads * share
            step = optimizer.step(slope, state, params, named, value=mean)
            return (params + step.updates, step.state, jnp.zeros(2), jnp.zeros(())), jnp.append(slope, mean)

        def go_on():
            return (params, state, grads, loss), jnp.append(grads, loss)

        carry, shown = jax.lax.cond(share > 0, end, go_on)
        return carry, jnp.concatenate([params, shown])

    _, table = jax.lax.scan(read, (start, optimizer.init(start), jnp.zeros(2), jnp.zeros(())), rows)
    return table


def row_gradients(
    row_loss: RowLoss, point: Float[Array, "2"], rows: Float[Array, "rows 3"]
) -> tuple[Float[Array, " rows"], Float[Array, "rows 2"]]:
    """Return loss and gradient of every row at one point."""
    return jax.vmap(jax.value_and_grad(row_loss.loss), in_axes=(None, 0))(point, rows)


def gradients_at(
    programs: Programs, lesson: Lesson, point: Float[np.ndarray, "2"]
) -> tuple[Float[np.ndarray, " rows"], Float[np.ndarray, "rows 2"]]:
    """Return loss and gradient of every training row at one point."""
    loss, grads = programs.get(row_gradients, lesson.row_loss)(point, _padded(lesson.rows))
    return np.asarray(loss)[: lesson.n], np.asarray(grads)[: lesson.n]


def row_losses(
    row_loss: RowLoss, points: Float[Array, "points 2"], rows: Float[Array, "rows 3"], shares: Float[Array, " rows"]
) -> Float[Array, " points"]:
    """Return the loss of some rows, each with its share, at many points."""

    def loss(point: Float[Array, "2"]) -> Float[Array, ""]:
        return jnp.dot(jax.vmap(row_loss.loss, in_axes=(None, 0))(point, rows), shares)

    return jax.lax.map(loss, points, batch_size=evaluate.BATCH)


def batch_grid(
    programs: Programs, lesson: Lesson, chosen: Int[np.ndarray, " batch"], n: int
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"], Float[np.ndarray, "n n"]]:
    """Return x (n), y (n) and the loss (n, n) of the chosen rows: `loss[j, i]` is at `(x[i], y[j])`."""
    x, y = (np.linspace(low, high, n) for low, high in lesson.view)
    points = np.zeros((math.ceil(n * n / 1024) * 1024, 2))
    points[: n * n] = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    shares = np.zeros(_length((64, MOST_ROWS), len(chosen)))
    shares[: len(chosen)] = 1 / len(chosen)
    rows = np.zeros((len(shares), 3))
    rows[: len(chosen)] = lesson.rows[chosen]
    losses = programs.get(row_losses, lesson.row_loss)(points, rows, shares)
    return x, y, np.asarray(losses)[: n * n].reshape(n, n)


def noise_of(grads: Float[np.ndarray, "rows 2"], seed: int) -> Noise:
    """Predict and measure how far batches of every power of two, and of all rows, are off.

    σ/√B·√((n − B)/(n − 1)), where σ² is the mean squared distance of one row's gradient from that of all rows: the
    variance of a mean of B rows drawn without replacement, Cochran, Sampling Techniques (1977), theorem 2.2.
    """
    n = len(grads)
    offsets = grads - grads.mean(axis=0)
    sizes = np.unique(np.append(2 ** np.arange(max(1, math.ceil(math.log2(n)))), n))
    sigma = math.sqrt(float(np.sum(offsets**2) / n))
    predicted = sigma * np.sqrt((n - sizes) / sizes / max(n - 1, 1))
    sums = np.zeros((SHUFFLES, n + 1, 2))
    np.cumsum(offsets[orders(n, SHUFFLES, seed)], axis=1, out=sums[:, 1:])
    # From each shuffle all batches that are full.
    means = (np.diff(sums[:, ::size], axis=1) / size for size in sizes.tolist())
    measured = np.array([math.sqrt(float(np.mean(np.sum(each**2, axis=-1)))) for each in means])
    return Noise(sizes, predicted, measured)


def lesson_of(
    problem: Problem,
    values: Mapping,
    *,
    start: Point,
    epochs: int,
    seed: int,
    view: Box,
    tolerance: float,
) -> Lesson:
    """Return what all runs share; `values` are those of the surface's parameters."""
    row_loss, trains = ROW_LOSSES[problem.surface.name], is_train(problem)
    rows = row_loss.rows(problem, values, seed)
    return Lesson(
        problem=problem,
        row_loss=row_loss,
        rows=rows[trains],
        held_out=rows[~trains],
        start=start,
        epochs=epochs,
        seed=seed,
        view=view,
        tolerance=tolerance,
    )


def descend(programs: Programs, lesson: Lesson, learner: Learner) -> Steps:
    """Take one learner through all epochs."""
    n, total = lesson.n, lesson.n * lesson.epochs
    ends = np.minimum(np.arange(1, updates_per_epoch(n, learner.batch) + 1) * learner.batch, n)
    table = np.zeros((_length(LENGTHS, total + 1), 4))
    table[:total, :3] = lesson.rows[orders(n, lesson.epochs, lesson.seed).reshape(-1)]
    last = (np.arange(lesson.epochs)[:, None] * n + ends - 1).reshape(-1)
    table[last, 3] = np.tile(1 / np.diff(ends, prepend=0), lesson.epochs)
    program = programs.get(learn, lesson.row_loss, learner.optimizer)
    found = np.asarray(program(np.array(lesson.start), learner.numbers, table))
    # After the last row nothing moves any more.
    return Steps(found[np.append(last, total), :2], found[last, 2:4], found[last, 4])


def study(programs: Programs, lesson: Lesson, learner: Learner) -> Learned:
    """Run one learner through all epochs and judge how it ended."""
    steps = descend(programs, lesson, learner)
    loss = losses_along(programs, lesson, steps.params)
    outcome = _judged(programs, lesson, learner, steps.params, loss)
    each = updates_per_epoch(lesson.n, learner.batch)
    return Learned(
        learner=learner,
        params=steps.params,
        loss=loss,
        grads=steps.grads,
        batch_loss=steps.batch_loss,
        epoch_loss=loss[::each],
        test_loss=_test_losses(programs, lesson, steps.params[::each]) if len(lesson.held_out) else None,
        outcome=outcome,
    )


def _test_losses(
    programs: Programs, lesson: Lesson, points: Float[np.ndarray, "points 2"]
) -> Float[np.ndarray, " points"]:
    padded = np.zeros((2 * evaluate.BATCH, 2))  # for 200 epochs
    padded[: len(points)] = points
    shares = np.zeros(MOST_ROWS)
    shares[: len(lesson.held_out)] = 1 / len(lesson.held_out)
    losses = programs.get(row_losses, lesson.row_loss)(padded, _padded(lesson.held_out), shares)
    return np.asarray(losses)[: len(points)]


def losses_along(
    programs: Programs, lesson: Lesson, params: Float[np.ndarray, "points 2"]
) -> Float[np.ndarray, " points"]:
    """Return the loss of all training rows along a path."""
    padded = np.zeros((_length(LENGTHS, len(params)), 2))
    padded[: len(params)] = params
    if lesson.row_loss.mean is None:
        found = programs.get(evaluate.losses, lesson.problem.surface)(lesson.problem.arrays, FREE, padded, len(params))
    else:
        shares = np.zeros(MOST_ROWS)
        shares[: lesson.n] = 1 / lesson.n
        found = programs.get(lesson.row_loss.mean)(padded, _padded(lesson.rows), shares)
    return np.asarray(found)[: len(params)]


def _judged(
    programs: Programs,
    lesson: Lesson,
    learner: Learner,
    params: Float[np.ndarray, "points 2"],
    loss: Float[np.ndarray, " points"],
) -> Outcome:
    problem, ground = lesson.problem, ground_of(programs, lesson.problem, FREE)
    goal = goal_of(problem, FREE, ground)
    (_, first), (hessian, last) = (
        (hessian, grads)
        for grads, hessian in (evaluate.derivatives(programs, problem, FREE, params[row]) for row in (0, -1))
    )
    rows = np.concatenate([params.T, loss[None]])[:, None]
    happened = events_of(rows, goal, view=lesson.view, tolerance=lesson.tolerance)
    gap = loss - ground.lowest
    ends = Ends(
        params=params[-1:].T,
        grads=last[:, None],
        hessians=np.nan_to_num(hessian, nan=0.0, posinf=0.0, neginf=0.0)[None],
        first_slope=np.hypot(*first)[None],
        first_gap=gap[:1],
        gap=gap[-1:],
        gone=happened.gone,
        walked=happened.walked,
        is_lower_outside=happened.is_lower_outside,
        is_rough=np.zeros(1, dtype=bool),
    )
    column = rate_column(learner.optimizer)
    evidence = Evidence(
        optimizer=learner.optimizer,
        points=rows[:2, 0],
        loss=loss,
        first_values=learner.numbers,
        learning_rates=None if column is None else np.full(len(params), learner.numbers[column]),
        hessian=ground.hessian,
        has_limit=ground.is_convex and learner.batch == lesson.n,  # the formula knows no noise
    )
    settles = int(settled(rows[2])[0])
    return outcome_of(0, evidence, happened, judge(ends, goal), goal, settles, lesson.tolerance)


def _padded(rows: Float[np.ndarray, "rows 3"]) -> Float[np.ndarray, "padded 3"]:
    padded = np.zeros((_length((MOST_ROWS,), len(rows)), 3))
    padded[: len(rows)] = rows
    return padded


def _length(lengths: tuple[int, ...], count: int) -> int:
    return next(length for length in lengths if length >= count)
