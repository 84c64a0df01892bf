"""What a race answers: the surface, the runs, and the sentences about them."""

from collections.abc import Sequence

import numpy as np

from app.labs.base import Translate, view_of
from app.labs.racing.keys import Raced, fork_of
from app.labs.racing.specs import specs_of
from app.labs.racing.types import (
    ForkFacts,
    GridAnswer,
    HessianFacts,
    Minimum,
    RaceAnswer,
    RunAnswer,
    SurfaceFacts,
    Used,
)
from app.numerics.problems import evaluate
from app.numerics.problems.surfaces.record import Box, Point, Problem
from app.numerics.runs.explain import Outcome
from app.numerics.runs.single import Ground, ground_of, race
from app.numerics.runs.spec import RunResult
from app.runtime.programs import Programs
from app.schema.answers import ABSENT
from app.schema.kinds import Moment, Picked
from app.schema.messages import N_, Sentence
from app.schema.text import number_text
from app.sentences.numbers import short
from app.sentences.outcomes import sentence_of

FLAT = 1e-12  # an eigenvalue below this share of the largest is zero, to rounding
SHAPES = {
    "zig-zag": N_("reaches the tolerance at step {step}, zig-zag"),
    "straight": N_("reaches the tolerance at step {step}, straight"),
    "curved": N_("reaches the tolerance at step {step}"),
}


def answer(query: Raced, programs: Programs, translate: Translate) -> RaceAnswer:
    """Run the race that a query asks for; the answer is that of `/api/descent`."""
    problem, conditions = query.problem, query.conditions
    start = query.start or problem.start
    view = view_of(query.view, problem, start)
    ground = ground_of(programs, problem, conditions)
    specs = specs_of(query, problem, ground.largest_eigenvalue)
    results = race(programs, [spec for spec, _ in specs], view=view, tolerance=query.tolerance)
    return RaceAnswer(
        surface=surface_facts(query.surface, problem, ground, view, start, translate),
        takeaway=_takeaway(hessian_facts(ground), results, query.steps).render(translate),
        notes=[note.render(translate) for note in start_notes(problem, start)],
        runs=[
            _run_facts(query, fork_of(run), used, result, ground.lowest, translate)
            for run, (_, used), result in zip(query.run, specs, results, strict=True)
        ],
    )


def surface_facts(
    picked: Picked, problem: Problem, ground: Ground, view: Box, start: Point, translate: Translate
) -> SurfaceFacts:
    """Return what a page says of the surface, and where it is drawn."""
    no_minimum = problem.minima.reason if problem.minima.kind == "none" else ""
    return SurfaceFacts(
        name=picked.name,
        title=translate(picked.entry.title),
        formula=picked.entry.formula,
        axes=problem.axes,
        domain=problem.domain,
        view=view,
        start=start,
        lowest=ground.lowest,
        minima=[
            Minimum(at=at, loss=loss)
            for at, loss in zip(ground.minima.tolist(), ground.losses.tolist(), strict=True)
            if not no_minimum
        ],
        hessian=hessian_facts(ground),
        hessian_matrix=None if ground.hessian is None else np.asarray(ground.hessian).tolist(),
        no_minimum=translate(no_minimum) if no_minimum else "",
    )


def hessian_facts(ground: Ground) -> HessianFacts | None:
    """Return eigenvalues, κ and the limit of gradient descent; κ is null where a direction is flat."""
    if ground.eigenvalues is None:
        return None
    low, high = ground.eigenvalues
    is_bowl = low > FLAT * high
    return HessianFacts(
        kappa=high / low if is_bowl else None,
        eigenvalues=(low, high),
        max_learning_rate=2 / high if high > 0 else None,
    )


def _run_facts(
    query: Raced,
    fork: Moment | None,
    used: Used,
    result: RunResult,
    lowest: float,
    translate: Translate,
) -> RunAnswer:
    spec, path, outcome = result.spec, result.path, result.outcome
    optimizer, sentence = spec.optimizer, said(result)
    if fork:
        template = N_("{ending}; forked from run {run} at step {step}")
        sentence = Sentence(template, {"ending": sentence, "run": fork.run, "step": fork.step})
    fields = query.fields
    return RunAnswer(
        optimizer=optimizer.name,
        title=translate(optimizer.title),
        hyperparameters=used,
        fork=fork and ForkFacts(run=fork.run, step=fork.step),
        params=path.params,
        loss=path.loss,
        gap=path.loss - lowest,
        outcome=outcome.kind,
        sentence=sentence.render(translate),
        shape=outcome.shape,
        converged_at=outcome.converged_at,
        diverged_at=outcome.diverged_at,
        reached_at=outcome.reached_at,
        left_view_at=outcome.left_view_at,
        grads=path.grads if "grads" in fields else ABSENT,
        updates=path.updates if "updates" in fields else ABSENT,
        learning_rate=spec.learning_rates if "learning_rate" in fields else ABSENT,
        state=path.state if "state" in fields else ABSENT,
    )


def is_leaving(outcome: Outcome) -> bool:
    """Whether a run goes away, so that it is no merit to have been near."""
    return outcome.kind in ("unbounded", "diverged") or outcome.manner in ("too-fast", "growing")


def said(result: RunResult) -> Sentence:
    """Say what became of a run."""
    spec = result.spec
    return sentence_of(result.outcome, spec.problem, is_penalized=bool(spec.conditions.weight))


def start_notes(problem: Problem, start: Point) -> list[Sentence]:
    """Say what is allowed but may surprise."""
    if all(low <= at <= high for at, (low, high) in zip(start, problem.domain, strict=True)):
        return []
    (x0, x1), (y0, y1) = ([number_text(edge) for edge in side] for side in problem.domain)
    text = N_("the start lies outside the usual domain of this surface, x from {x0} to {x1} and y from {y0} to {y1}")
    return [Sentence(text, {"x0": x0, "x1": x1, "y0": y0, "y1": y1})]


def _takeaway(facts: HessianFacts | None, results: Sequence[RunResult], steps: int) -> Sentence:
    """Say in one line what the figure shows: κ where there is one, and how the run fared, or the first of several."""
    # Where there is no minimum, the lowest value that was found is passed on the way out, and is no goal.
    finished = [
        result for result in results if result.outcome.reached_at is not None and not is_leaving(result.outcome)
    ]
    best = min(finished, key=lambda result: result.outcome.reached_at or 0, default=None)
    if best and best.outcome.reached_at == 0 and len(results) > 1:
        sentence = Sentence(N_("the start is within the tolerance already"))
    elif best and best.outcome.reached_at:
        sentence = Sentence(SHAPES[best.outcome.shape], {"step": best.outcome.reached_at})
        if len(results) > 1:
            title = Sentence(best.spec.optimizer.title)
            sentence = Sentence(N_("{title} {ending}"), {"title": title, "ending": sentence})
    elif len(results) > 1:
        sentence = Sentence(N_("none reaches the tolerance within {steps} steps"), {"steps": steps})
    else:
        sentence = said(results[0])
    if facts and facts.kappa:
        return Sentence(N_("κ = {kappa}: {ending}"), {"kappa": short(facts.kappa), "ending": sentence})
    return sentence


def answer_surface(query: Raced, programs: Programs, n: int) -> GridAnswer:
    """Answer the grid that contours are drawn from: `loss[j, i]` is at `(x[i], y[j])`, `gap` is loss − lowest."""
    problem, conditions = query.problem, query.conditions
    view = view_of(query.view, problem, query.start or problem.start)
    x, y, loss = evaluate.grid(programs, problem, conditions, view, n)
    lowest = ground_of(programs, problem, conditions).lowest
    return GridAnswer(view=view, x=x, y=y, loss=loss, gap=loss - lowest, lowest=lowest)
