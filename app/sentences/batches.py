"""What runs on batches say in words."""

from collections.abc import Sequence

from app.numerics.runs.batches import Learned, Lesson, updates_per_epoch
from app.schema.messages import N_, Sentence
from app.sentences.outcomes import sentence_of


def takeaway(lesson: Lesson, runs: Sequence[Learned]) -> Sentence:
    """Say in one line what an epoch was, and how the first run fared."""
    first = runs[0]
    each = updates_per_epoch(lesson.n, first.learner.batch)
    ending = sentence_of(first.outcome, lesson.problem)
    if each == 1:
        template = N_("all {n} rows, one update an epoch: {ending}")
    else:
        template = N_("{each} updates an epoch: {ending}")
    return Sentence(template, {"n": lesson.n, "batch": first.learner.batch, "each": each, "ending": ending})


def batch_notes(asked: Sequence[int], n: int) -> list[Sentence]:
    """Say which runs ask for a larger batch than there are training rows."""
    text = N_("run {number} asks for batches of {batch} rows, and only {n} train: each batch is all of them")
    return [
        Sentence(text, {"number": number, "batch": batch, "n": n})
        for number, batch in enumerate(asked, start=1)
        if batch > n
    ]
