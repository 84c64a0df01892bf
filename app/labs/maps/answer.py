"""What a map answers, block by block: coarse first, each finer grid in between."""

import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from app.labs.base import Translate, view_of
from app.labs.maps.keys import Axis
from app.labs.maps.sweep import Floor, Sweep, sweep_of
from app.labs.maps.types import MapAxis, MapBlock, MapHead, MapPoint
from app.numerics.analysis.critical_points import Critical, survey
from app.numerics.problems.surfaces.record import Problem
from app.numerics.runs.grid import LANES, LANES_OF_ROWS, Pace, Tally, run_cells
from app.numerics.runs.outcome import CONVERGED, KINDS, MOVING, STUCK
from app.numerics.runs.single import ROUNDING
from app.numerics.runs.step import Conditions
from app.runtime.blocks import Blocks
from app.runtime.programs import Programs
from app.schema.kinds import Picked
from app.schema.messages import N_, Sentence

COARSEST = 64  # cells a side of the first picture
SIDES = (64, 128, 256, 512)
MOST_RUN_STEPS = 100_000_000
AT_POINT = 1e-3  # of the domain's diagonal: a run that rests so near to a critical point has ended there
ELSEWHERE = 255  # where a run has come to rest that is at none of the known points


def plan(query: Any, programs: Programs, translate: Translate) -> Blocks:
    """Plan a map: its first line, and the cells of each block in the order in which they are wanted."""
    picked: Picked = query.map
    is_basins = picked.name == "basins"
    asked = int(query.cells)
    side = max(
        (each for each in SIDES if each <= asked and each**2 * query.steps <= MOST_RUN_STEPS),
        default=COARSEST,
    )
    view = view_of(query.view, query.problem, query.start or query.problem.start)
    limits = [*view[0], *view[1]] if is_basins else query.map_view
    sweep = sweep_of(query, picked, limits, side, programs)
    points = _ends_to_be(programs, query.problem, query.conditions, view) if is_basins else ()
    has_rows = query.problem.surface.has_rows
    head = MapHead(
        x=_axis_facts(sweep.axes[0], translate),
        y=_axis_facts(sweep.axes[1], translate),
        run=sweep.number,
        title=translate(sweep.optimizer.title),
        kinds=[*KINDS],
        points=[
            MapPoint(at=point.at, loss=point.loss, kind=point.kind, eigenvalues=point.eigenvalues) for point in points
        ],
        elsewhere=ELSEWHERE,
        edge=_edge(sweep),
        side=side,
        steps=query.steps,
        notes=[note.render(translate) for note in _notes(asked, side, sweep, query.steps)],
    )

    def compute(block: Tile, checkpoint: Callable[[], None]) -> MapBlock:
        stride, numbers = block
        cells, goal = sweep.cells(np.resize(numbers, lanes))
        tally = run_cells(
            programs,
            query.problem.surface,
            sweep.optimizer,
            sweep.varying,
            cells,
            goal,
            checkpoint=checkpoint,
            pace=pace,
            settles=is_basins,
        )
        found = _block(stride, numbers, tally)
        return _with_ends(found, tally, points, query.problem.domain) if is_basins else found

    pace = Pace()
    lanes = LANES_OF_ROWS if has_rows else LANES
    return Blocks(head=head, blocks=_blocks(sweep, lanes), compute=compute, size=sweep.size)


class Tile(NamedTuple):
    """The cells of a block; each stands for its neighbors, so many a side, until they come."""

    stride: int
    numbers: Int[np.ndarray, " cells"]


def _blocks(sweep: Sweep, lanes: int) -> list[Tile]:
    """Return the numbers of the cells, every stride-th of each side first, then those between."""
    columns, rows = (len(each.values) for each in sweep.axes)
    j, i = np.divmod(np.arange(columns * rows), columns)
    stride = max(1, min(columns, rows) // COARSEST)
    found, is_done = [], np.zeros(columns * rows, bool)
    while stride:
        level = (i % stride == 0) & (j % stride == 0) & ~is_done
        numbers = np.flatnonzero(level)
        found += [Tile(stride, part) for part in np.split(numbers, range(lanes, len(numbers), lanes))]
        is_done |= level
        stride //= 2
    return found


def _axis_facts(axis: Axis, translate: Translate) -> MapAxis:
    return MapAxis(
        name=axis.name,
        title=translate(axis.number.title),
        symbol=axis.number.symbol,
        scale=axis.scale,
        values=axis.values.tolist(),
    )


def _block(stride: int, numbers: Int[np.ndarray, " cells"], tally: Tally) -> MapBlock:
    """Return what became of the runs of a block; the tally goes on to the width of the program."""
    count = len(numbers)
    return MapBlock(
        stride=stride,
        at=numbers.astype(np.uint32),
        kind=tally.kind[:count].astype(np.uint8),
        gap=tally.gap[:count],
        reached=tally.reached[:count].astype(np.int16),
        gone=tally.gone[:count].astype(np.int16),
    )


def _with_ends(block: MapBlock, tally: Tally, points: tuple[Critical, ...], domain: Any) -> MapBlock:
    """Return the block of a map of basins, which also says where its runs end."""
    count = len(block.at)
    return dataclasses.replace(
        block,
        end=_ends(tally, points, domain)[:count],
        unfinished=(tally.kind[:count] == MOVING).astype(np.uint8),
        settled=tally.settled[:count].astype(np.int16),
    )


def _ends_to_be(programs: Programs, problem: Problem, conditions: Conditions, view: Any) -> tuple[Critical, ...]:
    """Return the points where runs may end: those of the domain, then what else the view holds.

    The first ones are the same, in the same order, wherever one looks: a basin keeps its color while a map is zoomed,
    even when its minimum leaves the view.
    """
    known = tuple(survey(programs, problem, conditions, problem.domain).points)
    places = np.array([point.at for point in known]).reshape(-1, 2)
    near = AT_POINT * _diagonal(problem.domain)
    others = survey(programs, problem, conditions, view).points
    return (*known, *(point for point in others if not np.any(np.hypot(*(places - point.at).T) <= near)))


def _diagonal(box: Any) -> float:
    return float(np.hypot(*(high - low for low, high in box)))


def _ends(tally: Tally, points: tuple[Critical, ...], domain: Any) -> Int[np.ndarray, " cells"]:
    """Return which point each run has come to rest at; ELSEWHERE where it rests at none, or does not rest."""
    ends = np.full(tally.kind.shape, ELSEWHERE, np.uint8)
    if not points:
        return ends
    places: Float[np.ndarray, "points 2"] = np.array([point.at for point in points[:ELSEWHERE]])
    with np.errstate(invalid="ignore", over="ignore"):
        distances = np.hypot(*(tally.params[:, None] - places.T[:, :, None]))
    distances = np.where(np.isnan(distances), np.inf, distances)
    nearest = distances.argmin(axis=0)
    rests = np.isin(tally.kind, [CONVERGED, STUCK])
    is_there = rests & (distances.min(axis=0) <= AT_POINT * _diagonal(domain))
    return np.where(is_there, nearest, ELSEWHERE).astype(np.uint8)


def _edge(sweep: Sweep) -> list[list[float]] | None:
    """Return where theory says that runs cease to settle, point by point; None where it does not say.

    The optimizer's own formula holds on a bowl, with the same values from the first step to the last, and nothing else
    acting on the gradient.
    """
    query, optimizer = sweep.query, sweep.optimizer
    names = [each.name for each in sweep.axes]
    rate = optimizer.learning_rate
    if optimizer.stability is None or rate is None or rate.name not in names or not _is_plain(sweep):
        return None
    along = names.index(rate.name)
    other = sweep.axes[1 - along]
    hyperparameters = [parameter.name for parameter in optimizer.hyperparameters]
    edge = []
    for at, value in enumerate(other.values.tolist()):
        floor: Floor = sweep.floors[at if len(sweep.floors) > 1 else 0]
        largest = floor.ground.largest_eigenvalue
        if largest is None or not floor.ground.is_convex:
            return None
        values = dict(zip(hyperparameters, floor.values.tolist(), strict=True))
        if other.name in values:
            values[other.name] = value
        limit = optimizer.stability(largest, values) * (largest if query.rate == "relative" else 1.0)
        edge.append([limit, value] if along == 0 else [value, limit])
    return edge


def _is_plain(sweep: Sweep) -> bool:
    conditions = sweep.query.conditions
    is_clipped = min(conditions.clip_value, conditions.clip_norm) < np.inf
    return not (
        is_clipped
        or float(sweep.query.noise.values.get("std") or 0.0)
        or sweep.varying.conditions
        or sweep.varying.schedule
        or np.any(np.abs(sweep.factors - 1.0) > ROUNDING)
    )


def _notes(asked: int, side: int, sweep: Sweep, steps: int) -> list[Sentence]:
    notes = []
    if side < asked:
        text = N_("{side} cells a side: with {steps} steps more would be over {most} steps in all")
        notes.append(Sentence(text, {"side": side, "steps": steps, "most": f"{MOST_RUN_STEPS:,}"}))
    return notes
