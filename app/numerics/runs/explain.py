"""Why a run ended as it did: the numbers that a sentence about it needs, computed only where they are said."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from app.numerics.optimizers.record import Optimizer
from app.numerics.runs.events import NOWHERE, Events, for_good, tail_of
from app.numerics.runs.outcome import KINDS, NEAR, SMALL, Goal, Verdicts

TREND = 0.25  # a mean loss that changes less than this share of its spread has no trend
CHANGE = 1e-3  # … nor has one that changes by less than this share of the gap
AT_LIMIT = 1e-9  # a learning rate this near the limit of stability is at it
PERIODS = (2, 3, 4, 5, 6, 8)  # of cycles that are looked for
CYCLE = 1e-3  # a cycle returns to its points as nearly as this share of its steps
FADED = SMALL  # of the largest learning rate

Converged = Literal["global", "local", "lower"]
Diverged = Literal["too-fast", "high", "far", "began-far"]
Resting = Literal["flat-ground", "no-minimum", "saddle", "falls", "kink", "flat-direction"]  # the gradient is zero
Stuck = Literal["no-rate", "beside-minimum", "singular", "faded", "decay", "small-steps", "crawling"]
Moving = Literal["decreasing", "growing", "rising", "slow", "cycle", "at-limit", "hovering"]
Manner = Converged | Diverged | Resting | Stuck | Moving | Literal[""]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one run, and why; a row is None where the thing did not happen."""

    kind: str  # one of KINDS
    manner: Manner  # which way of it
    shape: str  # of the path: "straight", "zig-zag" or "curved"
    converged_at: int | None
    diverged_at: int | None
    reached_at: int | None
    left_view_at: int | None
    settled_at: int | None  # from here the loss stays at its end
    gap: float  # loss above the lowest, at the end
    has_several: bool  # there are several global minima
    newton: float  # how far away the minimum is, by Newton's step
    change: float  # of the mean loss, from the tenth of the steps before the last tenth to the last
    tail: int  # steps that are a tenth
    steps: int
    rate: float  # the learning rate; 0 where it changes or there is none
    limit: float  # the largest stable one; infinite where no formula holds
    formula: str  # … which says so
    period: int  # of a cycle
    steep_steps: int  # that the steep direction takes
    flat_steps: float  # that the flat one takes to come nearer by a factor e, (1 − β)/(ηλ_min)
    momentum: float  # β, 0 without


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """What is known of one run besides rows and verdicts."""

    optimizer: Optimizer
    points: Float[np.ndarray, "2 rows"]
    loss: Float[np.ndarray, " rows"]
    first_values: Float[np.ndarray, " values"]  # of the hyperparameters, at the first update that is its own
    learning_rates: Float[np.ndarray, " rows"] | None  # of the updates, and of the one that would follow
    hessian: Float[np.ndarray, "2 2"] | None  # where it is constant
    has_limit: bool  # the formula of the optimizer's stability limit holds: a bowl, and nothing else acts

    @property
    def values(self) -> dict[str, float]:
        """The hyperparameters of the first update by name; flags and choices as numbers."""
        names = (parameter.name for parameter in self.optimizer.hyperparameters)
        return dict(zip(names, self.first_values.tolist(), strict=True))

    @property
    def rate(self) -> float:
        """The learning rate, or 0 where it changes from step to step, or the optimizer has none."""
        rates = self.learning_rates
        return 0.0 if rates is None or np.any(rates != rates[0]) else float(rates[0])

    @property
    def limit(self) -> float:
        """The largest stable learning rate; infinite where the optimizer's formula does not hold."""
        stability = self.optimizer.stability
        if stability is None or not self.has_limit or self.hessian is None:
            return math.inf
        high = float(np.linalg.eigvalsh(self.hessian)[1])
        return stability(high, self.values) if high > 0 else math.inf


def outcome_of(
    index: int, evidence: Evidence, events: Events, verdicts: Verdicts, goal: Goal, settled_at: int, tolerance: float
) -> Outcome:
    """Return what became of run number `index`, and why."""
    kind = KINDS[verdicts.kind[index]]
    rows = len(evidence.loss)
    steep, flat = _crawl(evidence, goal, tolerance) if kind in ("stuck", "moving") else (0, 0.0)
    period = _period(evidence.points, tail_of(rows - 1)) if kind == "moving" else 0
    rate, limit = evidence.rate, evidence.limit
    manner = ""
    if kind == "diverged":
        manner = _divergence(index, events, is_too_fast=rate > limit)
    elif kind == "converged":
        manner = "global" if verdicts.is_global[index] else "lower" if _gap(evidence, goal) < 0 else "local"
    elif flat > rows - 1:
        manner = "crawling"
    elif kind == "stuck":
        manner = _rest(index, evidence, verdicts, goal)
    elif kind == "moving":
        manner = _motion(index, events, verdicts, goal, rate / limit if rate else 0.0, period)
    shape = "straight" if events.is_straight[index] else "zig-zag" if events.is_zig_zag[index] else "curved"
    return Outcome(
        kind=kind,
        manner=manner,
        shape=shape,
        converged_at=_row(settled_at) if kind == "converged" else None,
        diverged_at=_row(int(events.gone[index])) if kind == "diverged" else None,
        reached_at=_row(int(events.reached[index])),
        left_view_at=_row(int(events.left_view[index])),
        settled_at=_row(settled_at),
        gap=_gap(evidence, goal),
        has_several=goal.minima.shape[1] > 1,
        newton=float(verdicts.newton[index]),
        change=float(events.change[index]),
        tail=tail_of(rows - 1),
        steps=rows - 1,
        rate=rate,
        limit=limit,
        formula=evidence.optimizer.stability_formula,
        period=period,
        steep_steps=steep,
        flat_steps=flat,
        momentum=evidence.values.get("beta1", 0.0),
    )


def _row(row: int) -> int | None:
    return None if row == NOWHERE else row


def _gap(evidence: Evidence, goal: Goal) -> float:
    return float(evidence.loss[-1] - goal.lowest)


def _divergence(index: int, events: Events, *, is_too_fast: bool) -> Manner:
    if not events.is_high[index]:
        return "began-far" if events.gone[index] == 0 else "far"
    return "too-fast" if is_too_fast else "high"


def _rest(index: int, evidence: Evidence, verdicts: Verdicts, goal: Goal) -> Manner:
    """Say why a run hardly moves that has not converged."""
    low, high = float(verdicts.low[index]), float(verdicts.high[index])
    if verdicts.is_rough[index]:
        return "kink"
    if verdicts.is_flat[index]:
        return _without_gradient(index, verdicts, goal)
    rates, diagonal = evidence.learning_rates, float(goal.diagonal)
    if rates is not None and not rates[:-1].any():
        return "no-rate"
    if verdicts.is_global[index] and abs(_gap(evidence, goal)) <= SMALL:
        return "beside-minimum"
    if evidence.optimizer.inverts_hessian and abs(low) <= SMALL * abs(high):
        return "singular"
    if rates is not None and rates[-2] <= FADED * rates.max():
        return "faded"
    # How far weight decay alone would have moved the last point in one step.
    decay = evidence.values.get("weight_decay", 0.0)
    pull = 0.0 if rates is None else float(rates[-2]) * decay * math.hypot(*evidence.points[:, -1].tolist())
    return "decay" if pull > SMALL * diagonal else "small-steps"


def _without_gradient(index: int, verdicts: Verdicts, goal: Goal) -> Manner:
    low, high = float(verdicts.low[index]), float(verdicts.high[index])
    rounding = 1e-9 * max(abs(low), abs(high))
    if verdicts.is_plain[index]:
        return "flat-ground"
    if not (goal.has_minimum or goal.is_penalized):
        return "no-minimum" if low >= -rounding else "saddle" if high > rounding else "falls"
    if low >= -rounding:
        return "flat-direction"
    return "saddle" if high > rounding else "falls"


def _motion(index: int, events: Events, verdicts: Verdicts, goal: Goal, share: float, period: int) -> Manner:
    """Say how the loss of a run changes that still moves; `share` is its learning rate beside the largest stable."""
    change, spread = float(events.change[index]), float(events.spread[index])
    # What rounding makes of a loss is no change.
    floor = max(CHANGE * abs(float(events.height[index])), 1e-13 * abs(float(goal.lowest)))
    if abs(change) > TREND * spread and abs(change) > floor:
        if change < 0:
            return "decreasing"
        return "too-fast" if share > 1 + AT_LIMIT else "growing" if events.is_peak[index] else "rising"
    if period and abs(change) <= floor:
        return "at-limit" if abs(share - 1) <= AT_LIMIT else "too-fast" if share > 1 else "cycle"
    has_minimum = bool(goal.has_minimum or goal.is_penalized)
    if verdicts.is_flat[index] and has_minimum and float(verdicts.newton[index]) > NEAR * float(goal.diagonal):
        return "flat-direction"
    return "slow" if abs(change) > TREND * spread else "hovering"


def _period(points: Float[np.ndarray, "2 rows"], tail: int) -> int:
    """Return after how many steps the last tenth of a path is where it was, 0 if it never is."""
    rows = points[:, -max(tail + 1, 2 * PERIODS[0] + 1) :]
    with np.errstate(invalid="ignore", over="ignore"):
        stride = float(np.abs(np.diff(rows)).max())
        for period in PERIODS:
            if rows.shape[1] > 2 * period and np.abs(rows[:, period:] - rows[:, :-period]).max() <= CYCLE * stride:
                return period
    return 0


def _crawl(evidence: Evidence, goal: Goal, tolerance: float) -> tuple[int, float]:
    """Return the steps that the steep direction of a bowl took, and those that the flat one takes.

    Zeros where the steep one is not done, or nothing says how long the flat one takes: known for gradient descent and
    classical momentum only, as 1/(ηλ) and (1 − β)/(ηλ) (Goh, Why Momentum Really Works, Distill, 2017).
    """
    if not (goal.is_known and evidence.rate and evidence.hessian is not None and evidence.rate <= evidence.limit):
        return 0, 0.0
    if evidence.limit == math.inf:
        return 0, 0.0
    (low, _), axes = np.linalg.eigh(evidence.hessian)
    if low <= 0:
        return 0, 0.0
    _, steep = np.abs(axes.T @ (evidence.points - goal.minima[:, :1]))
    done = int(for_good((steep <= tolerance * steep[0])[None])[0])
    if done <= 0:
        return 0, 0.0
    return done, (1 - evidence.values.get("beta1", 0.0)) / (evidence.rate * float(low))
