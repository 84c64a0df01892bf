"""What a search says in words: what was tried, what it found, and what could not be tried."""

import math
from collections.abc import Sequence

from app.numerics.analysis.search import Box, columns_of
from app.schema.messages import N_, Sentence
from app.sentences.numbers import short


def takeaway(
    *, symbols: tuple[str, str], distinct: tuple[int, int], best: float, middle: float, seeds: int, measure: str
) -> Sentence:
    """Say in one line what was tried and what it found.

    Args:
        symbols: of the two numbers searched.
        distinct: how many different values of each were tried.
        best: the lowest value that the shown search found; infinite if every run failed.
        middle: the median of that over all repetitions.
        seeds: how many repetitions there were.
        measure: what was sought, `loss` or `steps`.
    """
    values = {
        "columns": distinct[0],
        "rows": distinct[1],
        "x": symbols[0],
        "y": symbols[1],
        "best": found_text(best, measure),
        "middle": found_text(middle, measure),
        "seeds": seeds,
    }
    template = N_("{columns} values of {x}, {rows} of {y}: best {best}")
    if seeds > 1:
        template = N_("{columns} values of {x}, {rows} of {y}: best {best}, median of {seeds}: {middle}")
    return Sentence(template, values)


def found_text(value: float, measure: str) -> Sentence:
    """Say the value that was sought: a loss, or a number of steps."""
    if value == math.inf:
        return Sentence(N_("nothing"))
    if measure == "steps":
        return Sentence(N_("{value} steps"), {"value": round(value)})
    return Sentence("{value}", {"value": short(value)})


def search_notes(
    strategy: str, box: Box, *, budget: int, steps: int, seeds: int, asked_seeds: int
) -> Sequence[Sentence]:
    """Say where a strategy, the budget or the repetitions are not quite what was asked for."""
    notes = []
    k = columns_of(budget)
    if strategy == "grid" and k * k < budget:
        text = N_("the grid has {k} · {k} points: the largest square that {budget} runs pay; {rest} are not spent")
        notes.append(Sentence(text, {"k": k, "budget": budget, "rest": budget - k * k}))
    if strategy == "one_minus_log" and all(span.scale != "one_minus_log" for span in box):
        notes.append(Sentence(N_("neither number is searched by 1 − β here: the points are those of log-uniform")))
    if strategy == "log_uniform" and all(span.scale != "log" for span in box):
        notes.append(Sentence(N_("neither number has a logarithmic scale here: the points are those of uniform")))
    if seeds < asked_seeds:
        text = N_("{seeds} repetitions: {asked} of {budget} runs with {steps} steps would take too long")
        notes.append(Sentence(text, {"seeds": seeds, "asked": asked_seeds, "budget": budget, "steps": steps}))
    return notes
