"""Every pixel a run: thousands of runs side by side, of which only what became of them is kept.

A block of runs goes forward in pieces, from Python, so that a piece takes no longer than others are willing to wait.
Each run makes the very updates that `trajectory` makes. What the rules of `outcome` need to know is kept up while it
runs.
"""

import functools
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from jaxtyping import Array, Bool, Float, Int

from app.numerics.optimizers.record import Optimizer
from app.numerics.problems.roughness import NEAR, rough_at
from app.numerics.problems.surfaces.record import Arrays, Surface
from app.numerics.runs.outcome import CONVERGED, DIVERGED, FAR, SMALL, TAIL, Ends, Goal, judge
from app.numerics.runs.single import hold_kinks, least_subgradient
from app.numerics.runs.step import Acting, Conditions, Walk, total_loss
from app.runtime.programs import Programs

# Runs side by side. What they carry lies in the nearest caches; with rows behind the loss each costs a hundred times
# as much.
LANES, LANES_OF_ROWS = 2048, 128
PIECE = 0.015  # seconds that a piece should take
FIRST_PIECE = 8  # updates, before it is known how long one takes
Data = Array | np.ndarray


class Cells(NamedTuple):
    """What the runs of a block are given. The last axis is the run, of arrays and conditions only where they vary."""

    arrays: Arrays
    start: Float[Data, "2 lanes"]
    values: Float[Data, "values lanes"]  # of the hyperparameters, the learning rate before its schedule
    factors: Float[Data, "rows settings"]  # what each schedule makes of the learning rate, update by update
    setting: Int[Data, " lanes"]  # which schedule a run has
    noise: Float[Data, " lanes"]  # standard deviation
    draws: Float[Data, "rows 2"]  # the same for all
    conditions: Conditions
    rules: "Rules"


class Rules(NamedTuple):
    """What the outcome of a run is told by; a surface of its own has its own."""

    lowest: Float[Data, " lanes"]
    minima: Float[Data, "2 minima _"]  # from which distances are measured; none where the gap is measured instead
    is_known: Bool[Data, " lanes"] | None  # … by some runs of the block; None if by all or none
    centre: Float[Data, "2 lanes"]  # of the domain
    diagonal: Float[Data, " lanes"]
    tolerance: Float[Data, ""] | float
    steps: Int[Data, ""] | int

    @property
    def tail(self) -> Float[Data, ""]:
        """How many of the last steps tell whether a run still moves."""
        return jnp.maximum(1.0, jnp.round(TAIL * self.steps))


class Varying(NamedTuple):
    """Which inputs differ from run to run, and what acts at all; static, since it decides what is computed in each row.

    A branch that is taken at run time would turn all arrays over, twice in every row.
    """

    arrays: bool = False
    conditions: bool = False
    schedule: bool = False
    acting: Acting = Acting(penalty=False, clip=False)
    noise: bool = False
    may_fall: bool = False  # the surface has no minimum
    settles: bool = False  # where the runs end is known: it is to be found from when on they are there


class First(NamedTuple):
    """Row 0 of each run, and what follows from it for all the others."""

    gap: Float[Array, " lanes"]
    loss: Float[Array, " lanes"]
    grads: Float[Array, "2 lanes"]
    within: Float[Array, " lanes"]  # the largest square of the distance from a minimum, or gap, within the tolerance
    too_high: Float[Array, " lanes"]  # a larger gap is out of all bounds
    too_far: Float[Array, " lanes"]  # so is a larger square of the distance from the centre


class Marks(NamedTuple):
    """Where the runs of a block are before row k, and what is known of them so far.

    Rows are kept as floating-point numbers: a processor compares and selects most of them at once if all are of one
    width.
    """

    k: Float[Array, ""]
    carry: Any  # the points and what the optimizers remember
    reached: Float[Array, " lanes"]  # row from which the run has stayed within the tolerance; -1 if it is not within
    gone: Float[Array, " lanes"]  # row from which the run has been gone; -1 if it is not
    settled: Float[Array, " lanes"]  # row from which the loss has stayed near its end; -1 if it is not near
    walked: Float[Array, " lanes"]  # in the tail
    finite: Float[Array, "3 lanes"]  # the last finite point and its loss; kept only where a run may fall for ever


class Last(NamedTuple):
    """The last row of each run."""

    params: Float[Array, "2 lanes"]
    loss: Float[Array, " lanes"]
    grads: Float[Array, "2 lanes"]
    hessian: Float[Array, "2 2 lanes"]


def begin(surface: Surface, optimizer: Optimizer, varying: Varying, cells: Cells) -> tuple[First, Marks]:
    """Return row 0, and the state before it."""

    def one(arrays: Arrays, conditions: Conditions, start: Array) -> Any:
        walk = Walk(surface, optimizer, arrays, conditions, varying.acting)
        loss, grads, _ = walk.loss_and_grads(start)
        return walk.begin(start), loss, grads

    carry, loss, grads = _each(one, varying, cells, cells.start)
    rules = cells.rules
    gap = loss - rules.lowest
    first = First(
        gap=gap,
        loss=loss,
        grads=grads,
        within=jnp.asarray(rules.tolerance * rules.tolerance) * _measure(jnp.asarray(cells.start), gap, rules),
        too_high=FAR * jnp.maximum(gap, 1.0),
        too_far=jnp.asarray(FAR * rules.diagonal) ** 2,
    )
    nowhere = jnp.full(loss.shape, -1.0)
    finite = jnp.concatenate([cells.start, loss[None]])
    return first, Marks(jnp.array(0.0), carry, nowhere, nowhere, nowhere, jnp.zeros_like(loss), finite)


def march(
    surface: Surface,
    optimizer: Optimizer,
    varying: Varying,
    cells: Cells,
    first: First,
    end: Float[Array, " lanes"],
    marks: Marks,
    until: Int[Array, ""] | int,
) -> Marks:
    """Make every run's updates up to number `until`; `end` is looked at only where `varying.settles`."""

    def one(arrays: Arrays, conditions: Conditions, carry: Any, values: tuple[Array, ...], draw: Array) -> Any:
        carry, row = Walk(surface, optimizer, arrays, conditions, varying.acting).step(carry, values, draw)
        return carry, row.params, row.loss

    def advance(marks: Marks) -> Marks:
        at = marks.k.astype(int)
        factors = cells.factors[at]
        factor = factors[cells.setting] if varying.schedule else factors[0]
        values = tuple(
            value * factor if parameter is optimizer.learning_rate else value
            for parameter, value in zip(optimizer.hyperparameters, cells.values, strict=True)
        )
        draw = cells.noise * cells.draws[at][:, None] if varying.noise else jnp.zeros_like(cells.start)
        carry, params, loss = _each(one, varying, cells, marks.carry, values, draw)
        marks = _mark(marks, params, loss, first, end, cells.rules, varying)
        walked = jax.lax.cond(
            marks.k > cells.rules.steps - cells.rules.tail,
            lambda: marks.walked + jnp.sqrt(_square(carry[0] - params)),
            lambda: marks.walked,
        )
        return marks._replace(carry=carry, walked=walked)

    return jax.lax.while_loop(lambda marks: marks.k < until, advance, marks)


def finish(
    surface: Surface,
    varying: Varying,
    cells: Cells,
    first: First,
    end: Float[Array, " lanes"],
    marks: Marks,
) -> tuple[Marks, Last]:
    """Return what is known after the last row too, and that row."""

    def one(arrays: Arrays, conditions: Conditions, point: Array) -> Any:
        loss = total_loss(surface, arrays, conditions, has_penalty=varying.acting.penalty is not False)
        return *jax.value_and_grad(loss)(point), jax.jacfwd(jax.jacfwd(loss))(point)

    params = marks.carry[0]
    loss, grads, hessian = _each(one, varying, cells, params)
    return _mark(marks, params, loss, first, end, cells.rules, varying), Last(params, loss, grads, hessian)


def _each(function: Callable, varying: Varying, cells: Cells, *arguments: Any) -> Any:
    """Call `function` for each run, with the surface and the conditions that it has."""
    axes = (-1 if varying.arrays else None, -1 if varying.conditions else None, *(-1 for _ in arguments))
    return jax.vmap(function, in_axes=axes, out_axes=-1)(cells.arrays, cells.conditions, *arguments)


def _mark(
    marks: Marks,
    params: Float[Array, "2 lanes"],
    loss: Float[Array, " lanes"],
    first: First,
    end: Float[Array, " lanes"],
    rules: Rules,
    varying: Varying,
) -> Marks:
    """Take row k into the marks."""
    k = marks.k
    if varying.settles:
        is_near = jnp.abs(loss - end) <= SMALL * jnp.maximum(first.loss - end, SMALL)
        return marks._replace(k=k + 1, settled=_since(marks.settled, is_near, k))
    gap = loss - rules.lowest
    away = _square(params - rules.centre)
    # Comparisons with nan are false, and all are put so that false means "gone".
    is_here = (gap <= first.too_high) & (gap > -jnp.inf) & (away <= first.too_far)
    finite = marks.finite
    if varying.may_fall:
        finite = jnp.where(jnp.isfinite(loss), jnp.concatenate([params, loss[None]]), finite)
    return marks._replace(
        k=k + 1,
        reached=_since(marks.reached, _measure(params, gap, rules) <= first.within, k),
        gone=_since(marks.gone, ~is_here, k),
        finite=finite,
    )


def _measure(params: Float[Array, "2 lanes"], gap: Float[Array, " lanes"], rules: Rules) -> Float[Array, " lanes"]:
    """Return how far runs are: the square of the distance from the nearest minimum, or the gap, which goes like it."""
    squares = [_square(params - rules.minima[:, which]) for which in range(rules.minima.shape[1])]
    if not squares:
        return gap
    nearest = functools.reduce(jnp.minimum, squares)
    return nearest if rules.is_known is None else jnp.where(rules.is_known, nearest, gap)


def _square(vectors: Float[Array, "2 lanes"]) -> Float[Array, " lanes"]:
    """Return the squares of lengths. A sum along an axis would be a kernel of its own."""
    x, y = vectors
    return x * x + y * y


def _since(row: Float[Array, " lanes"], holds: Bool[Array, " lanes"], k: Float[Array, ""]) -> Float[Array, " lanes"]:
    """Return the row from which something has held, -1 where it does not hold now."""
    return jnp.where(holds, jnp.where(row < 0, k, row), -1.0)


class Tally(NamedTuple):
    """What became of each run; rows are -1 where the thing did not happen."""

    kind: Int[np.ndarray, " lanes"]  # index into KINDS
    gap: Float[np.ndarray, " lanes"]  # loss above the lowest, at the end
    reached: Int[np.ndarray, " lanes"]  # first row from which the gap stays within the tolerance
    settled: Int[np.ndarray, " lanes"]  # first row from which the loss stays at its end; of converged runs, if asked
    gone: Int[np.ndarray, " lanes"]  # first row from which the run is gone for good; of diverged runs
    params: Float[np.ndarray, "2 lanes"]  # where it ended


@dataclass
class Pace:
    """How many updates of a block a piece of work makes, from how long the last one took."""

    updates: int = FIRST_PIECE

    def learn(self, updates: int, seconds: float) -> None:
        """Take in how long so many updates took."""
        self.updates = max(1, int(PIECE / (seconds / updates)))


def run_cells(
    programs: Programs,
    surface: Surface,
    optimizer: Optimizer,
    varying: Varying,
    cells: Cells,
    goal: Goal,
    *,
    checkpoint: Callable[[], None],
    pace: Pace | None = None,
    settles: bool = False,
) -> Tally:
    """Run a block of runs to their ends and tell what became of them.

    `checkpoint` is called between groups of updates: it may wait, and stops the block by raising. `pace` is shared by
    all blocks of a map. `settles` also finds the row from which each run stays where it ends, which takes running them
    twice.
    """
    cells, pace = on_devices(cells), pace or Pace()
    unknown = np.zeros(cells.noise.shape)
    first, marks, last = _run(programs, surface, optimizer, varying, cells, unknown, checkpoint, pace)
    settled = None
    if settles:
        again = varying._replace(settles=True)
        settled = np.asarray(_run(programs, surface, optimizer, again, cells, last.loss, checkpoint, pace)[1].settled)
    return _tally(surface, cells, goal, first, marks, last, settled)


def on_devices(cells: Cells) -> Cells:
    """Put the runs onto all devices, where there are several: JAX then computes each where it lies."""
    count = math.gcd(len(jax.devices()), cells.noise.shape[0])  # each gets as many
    if count == 1:
        return cells
    lanes = NamedSharding(Mesh(np.array(jax.devices()[:count]), ("lanes",)), PartitionSpec(None, "lanes"))
    return cells._replace(
        start=jax.device_put(cells.start, lanes),
        values=jax.device_put(cells.values, lanes),
    )


def _run(
    programs: Programs,
    surface: Surface,
    optimizer: Optimizer,
    varying: Varying,
    cells: Cells,
    end: Float[Data, " lanes"],
    checkpoint: Callable[[], None],
    pace: Pace,
) -> tuple[First, Marks, Last]:
    checkpoint()
    first, marks = programs.get(begin, surface, optimizer, varying)(cells)
    program = programs.get(march, surface, optimizer, varying)
    steps, done = int(cells.rules.steps), 0
    while done < steps:
        checkpoint()
        started = time.perf_counter()
        until = min(done + pace.updates, steps)
        marks = jax.block_until_ready(program(cells, first, end, marks, until))
        pace.learn(until - done, time.perf_counter() - started)
        done = until
    checkpoint()
    marks, last = programs.get(finish, surface, varying)(cells, first, end, marks)
    return first, marks, last


def _tally(
    surface: Surface, cells: Cells, goal: Goal, first: First, marks: Marks, last: Last, settled: np.ndarray | None
) -> Tally:
    conditions = cells.conditions
    params, last_loss, grads, hessians = map(np.asarray, last)
    first_gap, first_loss, first_grads = map(np.asarray, first[:3])
    points = params.T
    with np.errstate(invalid="ignore", over="ignore"):
        first_grads = least_subgradient(conditions, np.asarray(cells.start).T, first_grads.T)
        finite = np.nan_to_num(hessians.transpose(2, 0, 1), nan=0.0, posinf=0.0, neginf=0.0)
        x, y, loss = np.asarray(marks.finite)
        (x0, x1), (y0, y1) = goal.domain
        is_inside = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
        ends = Ends(
            params=params,
            grads=least_subgradient(conditions, points, grads.T).T,
            hessians=hold_kinks(conditions, points, finite),
            first_slope=np.sqrt((first_grads**2).sum(axis=1)),
            first_gap=first_gap,
            gap=last_loss - goal.lowest,
            gone=np.asarray(marks.gone).astype(int),
            walked=np.asarray(marks.walked),
            is_lower_outside=~is_inside & (loss < first_loss),
            is_rough=rough_at(surface, points, NEAR * goal.diagonal),
        )
    kind = judge(ends, goal).kind
    return Tally(
        kind=kind,
        gap=ends.gap,
        reached=np.asarray(marks.reached).astype(int),
        settled=np.where(kind == CONVERGED, -1 if settled is None else settled.astype(int), -1),
        gone=np.where(kind == DIVERGED, ends.gone, -1),
        params=params,
    )
