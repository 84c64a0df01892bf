"""What became of a run, in words."""

from types import MappingProxyType

from app.numerics.problems.surfaces.record import Problem
from app.numerics.runs.explain import Outcome
from app.numerics.runs.outcome import FAR
from app.schema.messages import N_, Sentence
from app.sentences.numbers import apart, short

# What stands in the places: {height} says how far above the lowest the loss is, {place} where a diverging run went.
TEMPLATES = MappingProxyType(
    {
        ("diverged", "began-far"): N_(
            "out of reach: it began {far} diagonals of the domain away or more, and is not back"
        ),
        ("diverged", "far"): N_("diverges: it runs away, {far} diagonals of the domain and more from step {gone} on"),
        ("diverged", "too-fast"): N_("diverges: the learning rate {rate} is above {formula} = {limit}; {place}"),
        ("diverged", "high"): N_("diverges: the loss grows beyond all bounds; {place}"),
        ("converged", "global"): N_("converges to the global minimum; settled from step {settled}"),
        ("converged", "lower"): N_("converges to a minimum, {height}; settled from step {settled}"),
        ("converged", "local"): N_("converges to a local minimum, {height}; settled from step {settled}"),
        ("stuck", "flat-ground"): N_("stuck on flat ground: gradient and curvature are next to nothing, {height}"),
        ("stuck", "no-minimum"): N_("stuck: the gradient has vanished, though there is no minimum: {reason}"),
        ("stuck", "saddle"): N_(
            "stuck at a saddle: the gradient is zero, though the surface falls along one direction"
        ),
        ("stuck", "falls"): N_("stuck where the gradient is zero, though the surface falls from there"),
        ("stuck", "kink"): N_("stuck at a kink: the surface has no derivatives there, {height}"),
        ("stuck", "flat-direction"): N_(
            "stuck in a flat direction: the gradient is close to zero, yet Newton's step is still {newton} long"
        ),
        ("stuck", "no-rate"): N_("stuck: the learning rate is 0 in every step so far"),
        ("stuck", "beside-minimum"): N_(
            "stuck just short of the minimum, {height}: the steps are too small to see, the gradient is not yet zero"
        ),
        ("stuck", "singular"): N_("stuck: the Hessian is singular here, so that Newton's step does not exist"),
        ("stuck", "faded"): N_("stuck: the learning rate has decayed to nothing before the minimum"),
        ("stuck", "decay"): N_("stuck: weight decay pulls as hard as the gradient, away from the minimum"),
        ("stuck", "small-steps"): N_("stuck: the steps have become too small to see, though the gradient is not zero"),
        ("moving", "too-fast"): N_("growing: the learning rate {rate} is above {formula} = {limit}; it will diverge"),
        ("moving", "growing"): N_("growing: the loss rises, {height} at step {steps}"),
        ("moving", "rising"): N_("fluctuates: the loss rises again, {height} at step {steps}"),
        ("moving", "decreasing"): N_("still decreasing: {height} at step {steps}"),
        ("moving", "slow"): N_("almost level: the loss {changes} in the last {tail} steps, {height} at step {steps}"),
        ("moving", "flat-direction"): N_(
            "crawls along a flat direction: the gradient is close to zero, yet Newton's step is still {newton} long"
        ),
        ("moving", "at-limit"): N_(
            "oscillates between the same values: the learning rate {rate} is exactly at the limit of stability, "
            "{formula}"
        ),
        ("moving", "cycle"): N_(
            "oscillates between the same {period} points: the loss no longer falls, {height} at step {steps}"
        ),
        ("moving", "hovering"): N_("hovers: the loss no longer falls, {height} at step {steps}"),
    }
)
SEVERAL = N_("converges to a global minimum, one of several; settled from step {settled}")
UNBOUNDED = N_("unbounded: {reason}; it goes downhill out of the domain")
CRAWLING = N_(
    "crawls: the steep direction is done in {steep_steps} steps; along the flat one, {duration} ≈ {flat_steps} steps"
)
CRAWLING_AT_ONCE = N_(
    "crawls: the steep direction is done in one step; along the flat one, {duration} ≈ {flat_steps} steps"
)


def sentence_of(outcome: Outcome, problem: Problem, *, is_penalized: bool = False) -> Sentence:
    """Say what became of a run, and why."""
    reason = problem.minima.reason if problem.minima.kind == "none" else ""
    rate, limit = apart(outcome.rate, outcome.limit)
    values = {
        "far": int(FAR),
        "gone": outcome.diverged_at,
        "settled": outcome.converged_at,
        "steps": outcome.steps,
        "tail": outcome.tail,
        "period": outcome.period,
        "rate": rate,
        "limit": limit,
        "formula": outcome.formula,
        "changes": _change(outcome.change),
        "newton": short(outcome.newton),
        "reason": Sentence(reason) if reason else "",
        "height": _height(outcome.gap, has_minimum=is_penalized or not reason),
        "place": _place(outcome),
        "steep_steps": outcome.steep_steps,
        "flat_steps": short(outcome.flat_steps),
        "duration": "(1 − β₁)/(ηλ_min)" if outcome.momentum else "1/(ηλ_min)",
    }
    if outcome.kind == "unbounded":
        return Sentence(UNBOUNDED, values)
    if outcome.manner == "crawling":
        return Sentence(CRAWLING_AT_ONCE if outcome.steep_steps == 1 else CRAWLING, values)
    if outcome.manner == "global" and outcome.has_several:
        return Sentence(SEVERAL, values)
    return Sentence(TEMPLATES[outcome.kind, outcome.manner], values)


def _height(gap: float, *, has_minimum: bool) -> Sentence:
    """Say how far above the lowest a loss is; it may be below, where only the usual domain has been searched."""
    if gap < 0:
        return Sentence(N_("{gap} below the lowest in the usual domain"), {"gap": short(-gap)})
    if not has_minimum:
        return Sentence(N_("{gap} above the lowest in the usual domain"), {"gap": short(gap)})
    return Sentence(N_("{gap} above the lowest"), {"gap": short(gap)})


def _change(change: float) -> Sentence:
    text = N_("falls by only {amount}") if change < 0 else N_("rises by only {amount}")
    return Sentence(text, {"amount": short(abs(change))})


def _place(outcome: Outcome) -> Sentence:
    # A view that never held the run, or still does, is no measure of where it went.
    if not outcome.left_view_at:
        return Sentence(N_("out of all bounds from step {gone} on"), {"gone": outcome.diverged_at})
    return Sentence(N_("it leaves the view at step {left}"), {"left": outcome.left_view_at})
