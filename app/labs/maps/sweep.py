"""A map's query turned into what its runs are given: the same numbers as the single run of each pixel gets."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np
from jaxtyping import Float, Int

from app.labs.maps.keys import STARTS, Axis, axes_of, axis, numbers_of, run_of
from app.labs.racing.keys import RUN_SCHEDULE, Raced
from app.labs.racing.specs import factors_of, rate_of, value_of
from app.numerics.optimizers.record import Optimizer
from app.numerics.problems.surfaces.record import Point, Problem
from app.numerics.runs.grid import LANES, Cells, Rules, Varying
from app.numerics.runs.outcome import Goal
from app.numerics.runs.single import Ground, draws, find_ground, ground_of
from app.numerics.runs.spec import number_of, rows_for
from app.numerics.runs.step import Acting, Conditions
from app.runtime.programs import Programs
from app.schema.kinds import Picked
from app.schema.messages import N_, Mistake

Columns = Int[np.ndarray, " cells"]
GROUND = ("surface", "scaler", "penalty")  # each value of theirs makes another surface …
MOST_GROUNDS = 128  # … which has to be looked at: a side may have so many
# A program exists for each of these numbers of schedules: how many whole numbers a side holds is up to the visitor.
SETTINGS = (1, 64, 512, LANES)
MOST_NUMBERS = 64  # that a surface is made of, where every run has its own


def with_value(query: Any, number: int, name: str, value: float) -> Any:
    """Return the query whose run `number` has this value of the number `name`: that of one pixel's own run."""
    component, _, sub = name.rpartition(".")
    if component == "start":
        start = list(query.start or query.problem.start)
        start["xy".index(sub)] = value
        return dataclasses.replace(query, start=tuple(start))
    run = query.run[number - 1]
    if not component or (component == "schedule" and run.values.get(RUN_SCHEDULE.name, "shared") != "shared"):
        changed = Picked(run.entry, {**run.values, sub: value})
        return dataclasses.replace(query, run=(*query.run[: number - 1], changed, *query.run[number:]))
    picked = getattr(query, component)
    return dataclasses.replace(query, **{component: Picked(picked.entry, {**picked.values, sub: value})})


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Floor:
    """One surface of a map, and what the run's own numbers are on it."""

    problem: Problem
    conditions: Conditions
    ground: Ground
    start: Point
    values: Float[np.ndarray, " values"]


class Sweep:
    """All runs of a map. A cell's number is that of its row times the columns, plus its column."""

    def __init__(self, query: Raced, number: int, axes: tuple[Axis, Axis], programs: Programs) -> None:
        self.query, self.number, self.axes = query, number, axes
        self.run = run_of(query, number)
        self.optimizer: Optimizer = self.run.entry.optimizer
        self._parts = [each.name.rpartition(".")[0] for each in axes]
        self._ground_axis = next((side for side in (0, 1) if self._parts[side] in GROUND), None)
        if all(part in GROUND for part in self._parts):
            template = N_("a map over {x} and {y} has a surface of its own for every pixel; expected one of them")
            raise Mistake(template, x=axes[0].name, y=axes[1].name)
        parts = set(self._parts)
        conditions = query.conditions
        self.varying = Varying(
            arrays=bool(parts & {"surface", "scaler"}),
            conditions=bool(parts & {"clip", "penalty"}),
            schedule="schedule" in parts,
            acting=Acting(
                penalty="penalty" in parts or bool(conditions.weight),
                clip="clip" in parts or bool(min(conditions.clip_value, conditions.clip_norm) < np.inf),
            ),
            noise="noise" in parts or bool(query.noise.values.get("std")),
        )
        self.floors = self._floors(programs)
        self._minima = self._stacked_minima()
        may_fall = any(floor.problem.minima.kind == "none" for floor in self.floors)
        self.varying = self.varying._replace(may_fall=may_fall)
        self.factors = self._table_of_schedules()
        self._draws = draws(query.seed, rows_for(query.steps))
        self._stds = self._along("noise", lambda query: float(query.noise.values.get("std") or 0.0))
        self._clips = self._along("clip", lambda query: query.conditions)

    @property
    def size(self) -> int:
        """How many runs there are."""
        return len(self.axes[0].values) * len(self.axes[1].values)

    def cells(self, numbers: Columns) -> tuple[Cells, Goal]:
        """Return what the runs of these cells are given."""
        columns = len(self.axes[0].values)
        return self.runs((numbers % columns, numbers // columns))

    def runs(self, at: tuple[Columns, Columns]) -> tuple[Cells, Goal]:
        """Return what runs are given, each with the values at its own places of both sides: points need be no grid."""
        floor = np.zeros_like(at[0]) if self._ground_axis is None else at[self._ground_axis]
        start = self._table(lambda floor: floor.start, floor)
        for side, name in enumerate(STARTS):
            for place, each in enumerate(self.axes):
                if each.name == name:
                    start[side] = each.values[at[place]]
        conditions = self._conditions(at, floor)
        goal = self._goal(floor, np.broadcast_to(conditions.weight != 0, at[0].shape))
        rules = Rules(
            **self._measured(goal),
            lowest=goal.lowest,
            centre=goal.center,
            diagonal=goal.diagonal,
            tolerance=self.query.tolerance,
            steps=self.query.steps,
        )
        factors, setting = self._schedules(at)
        cells = Cells(
            arrays=self._arrays(floor),
            start=start,
            values=self._values(at, floor),
            factors=factors,
            setting=setting,
            noise=np.array(self._stds)[self._place("noise", at)],
            draws=self._draws,
            conditions=conditions,
            rules=rules,
        )
        return cells, goal

    def _goal(self, floor: Columns, is_penalized: Any) -> Goal:
        """Return what each run is measured against."""
        return Goal(
            domain=self._table(lambda floor: np.ravel(floor.problem.domain), floor).reshape(2, 2, -1),
            lowest=self._table(lambda floor: floor.ground.lowest, floor),
            minima=self._minima[..., floor if self._minima.shape[-1] > 1 else slice(None)],
            is_known=self._table(lambda floor: floor.ground.is_known, floor).astype(bool),
            is_convex=self._table(lambda floor: floor.ground.is_convex, floor).astype(bool),
            has_minimum=self._table(lambda floor: floor.problem.minima.kind != "none", floor).astype(bool),
            is_penalized=is_penalized,
        )

    def _stacked_minima(self) -> Float[np.ndarray, "2 minima floors"]:
        """Return the minima of every surface; where one has fewer than another, its last counts again."""
        most = max(len(floor.ground.minima) for floor in self.floors)
        padded = [
            floor.ground.minima[np.minimum(np.arange(most), len(floor.ground.minima) - 1)] for floor in self.floors
        ]
        return np.array(padded).transpose(2, 1, 0)

    def _measured(self, goal: Goal) -> dict[str, Any]:
        """Return which minima distances are measured from, and by which runs if not by all or none."""
        known = {floor.ground.is_known for floor in self.floors}
        minima = goal.minima if any(known) else np.empty((2, 0, 1))
        return {"minima": minima, "is_known": goal.is_known if len(known) > 1 else None}

    # What changes along a side ---------------------------------------------------------------------------------------

    def _variants(self, side: int) -> list[Any]:
        each = self.axes[side]
        return [with_value(self.query, self.number, each.name, value) for value in each.values.tolist()]

    def _along(self, part: str, read: Callable[[Any], Any]) -> list[Any]:
        """Read something of the query for every value along the side that changes `part`, or once if none does."""
        sides = [side for side in (0, 1) if self._parts[side] == part]
        return [read(query) for query in (self._variants(sides[0]) if sides else [self.query])]

    def _place(self, part: str, at: tuple[Columns, Columns]) -> Columns:
        return next((at[side] for side in (0, 1) if self._parts[side] == part), np.zeros_like(at[0]))

    def _table(self, read: Callable[[Floor], Any], floor: Columns) -> Float[np.ndarray, "... cells"]:
        """Read something of every surface, and give each cell that of its own."""
        return np.array([read(each) for each in self.floors], dtype=float).T[..., floor]

    def _floors(self, programs: Programs) -> list[Floor]:
        is_alone = self._ground_axis is None
        queries = [self.query] if is_alone else self._variants(self._ground_axis or 0)
        problems = [query.problem for query in queries]
        self._stacked = self._stack(problems) if self.varying.arrays else {}
        found = []
        for query, problem in zip(queries, problems, strict=True):
            conditions = query.conditions
            # Only what others will ask for again is remembered.
            look = ground_of if is_alone else find_ground
            ground = look(programs, problem, conditions)
            values = [self._value(query, parameter, ground) for parameter in self.optimizer.hyperparameters]
            start = query.start or problem.start
            acting = conditions if self.optimizer.has_proximal else conditions.without_proximal()
            found.append(Floor(problem=problem, conditions=acting, ground=ground, start=start, values=np.array(values)))
        return found

    def _value(self, query: Any, parameter: Any, ground: Ground) -> float:
        return number_of(parameter, value_of(query, query.run[self.number - 1], parameter, ground.largest_eigenvalue))

    def _values(self, at: tuple[Columns, Columns], floor: Columns) -> Float[np.ndarray, "values cells"]:
        values = self._table(lambda floor: floor.values, floor)
        for side, each in enumerate(self.axes):
            for row, parameter in enumerate(self.optimizer.hyperparameters):
                if each.name != parameter.name:
                    continue
                values[row] = each.values[at[side]]
                if parameter is self.optimizer.learning_rate:
                    rates = [rate_of(self.query, 1.0, floor.ground.largest_eigenvalue) for floor in self.floors]
                    largest = np.array([floor.ground.largest_eigenvalue or 1.0 for floor in self.floors])
                    values[row] /= np.where(np.array(rates) == 1.0, 1.0, largest)[floor]
        return values

    def _table_of_schedules(self) -> Float[np.ndarray, "rows settings"]:
        """Return the factors of the learning rate; a row an update, a column for each value along a side."""
        rows = rows_for(self.query.steps)
        if self.optimizer.learning_rate is None:
            return np.ones((rows, 1))
        return self._padded(self._along("schedule", self._factors_of))

    def _factors_of(self, query: Any) -> Float[np.ndarray, " rows"]:
        return factors_of(query, query.run[self.number - 1])

    def _padded(self, columns: Sequence[Float[np.ndarray, " rows"]]) -> Float[np.ndarray, "rows settings"]:
        width = next(width for width in SETTINGS if width >= len(columns))
        table = np.ones((rows_for(self.query.steps), width))
        table[: self.query.steps + 1, : len(columns)] = np.stack(columns, axis=1)
        return table

    def _schedules(self, at: tuple[Columns, Columns]) -> tuple[Float[np.ndarray, "rows settings"], Columns]:
        """Return the factors, and which column each cell has."""
        if self._parts != ["schedule", "schedule"]:
            return self.factors, self._place("schedule", at)
        columns = []
        for x, y in zip(*at, strict=True):
            query = with_value(self.query, self.number, self.axes[0].name, float(self.axes[0].values[x]))
            query = with_value(query, self.number, self.axes[1].name, float(self.axes[1].values[y]))
            columns.append(self._factors_of(query))
        return self._padded(columns), np.arange(len(columns))

    def _conditions(self, at: tuple[Columns, Columns], floor: Columns) -> Conditions:
        if not self.varying.conditions:
            return jax.tree.map(np.asarray, self.floors[0].conditions)
        penalties = [each.conditions for each in self.floors]
        clip = self._place("clip", at)
        fields = {name: np.array([getattr(each, name) for each in penalties])[floor] for name in Conditions._fields[:3]}
        for name in Conditions._fields[3:]:
            fields[name] = np.array([getattr(each, name) for each in self._clips])[clip]
        return Conditions(**fields)

    def _stack(self, problems: Sequence[Problem]) -> Any:
        trees = [problem.arrays for problem in problems]
        shapes = {tuple(np.shape(leaf) for leaf in jax.tree.leaves(tree)) for tree in trees}
        count = sum(int(np.prod(shape)) for shape in next(iter(shapes)))
        if len(shapes) > 1 or count > MOST_NUMBERS:
            name = self.axes[self._ground_axis or 0].name
            template = N_("a map cannot be over {name}: each of its values is a surface of {count} numbers")
            raise Mistake(template, name=name, count=count)
        return jax.tree.map(lambda *leaves: np.stack([np.asarray(leaf) for leaf in leaves], axis=-1), *trees)

    def _arrays(self, floor: Columns) -> Any:
        if not self.varying.arrays:
            return self.floors[0].problem.arrays
        return jax.tree.map(lambda leaf: leaf[..., floor], self._stacked)


def sweep_of(query: Raced, picked: Picked, limits: Sequence[float] | None, side: int, programs: Programs) -> Sweep:
    """Return the runs of the map that a query asks for, at most `side` cells a side.

    Raises:
        Mistake: this run has no such numbers.
    """
    number = int(picked.values["run"])
    run = run_of(query, number)
    names = axes_of(query, run, picked)
    numbers = numbers_of(query, run)
    parts = [name.partition(".")[0] for name in names]
    if parts == ["schedule", "schedule"] or any(part in GROUND for part in parts):
        side = min(side, MOST_GROUNDS)
    ranges = ((limits[0], limits[1]), (limits[2], limits[3])) if limits else (None, None)
    x, y = (axis(name, numbers[name], range_, side) for name, range_ in zip(names, ranges, strict=True))
    return Sweep(query, number, (x, y), programs)
