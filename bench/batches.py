"""How long the lab of mini-batches takes for its longest paths, and for one batch while time plays."""

import itertools

from app.labs.batches import BatchesQuery, BatchQuery, compute, compute_batch
from app.runtime.programs import Programs
from app.schema.page import read_page
from bench.record import Row, row
from bench.timing import interleaved

ROUNDS = 15
CANCER = "batch=1&epochs=30&surface={},data:breast_cancer"


def measure() -> list[Row]:
    """Measure in this process, with the programs compiled; every learning rate is a new one."""
    programs, numbers = Programs(), itertools.count(1)

    def rate() -> str:
        return f"learning_rate={0.02 + 1e-6 * next(numbers)}"

    def path(surface: str) -> None:
        compute(read_page(BatchesQuery, f"{CANCER.format(surface)}&{rate()}").first, programs, str)

    def usual() -> None:
        compute(read_page(BatchesQuery, rate()).first, programs, str)

    def batch() -> None:
        compute_batch(read_page(BatchQuery, f"{rate()}&update=60").first, programs, str)

    alternatives = {
        "regression": (lambda: path("regression"), 1),
        "logistic": (lambda: path("logistic"), 1),
        "usual": (usual, 5),
        "batch": (batch, 5),
    }
    interleaved(alternatives, 1)  # compiles
    took = interleaved(alternatives, ROUNDS)
    return [
        row("Batches: 569 rows, 30 epochs, one row an update", took["regression"], "{:.0f} ms", most=300),
        row("… logistic regression", took["logistic"], "{:.0f} ms", most=300),
        row("… the opening: 178 rows, 10 epochs, 16 rows an update", took["usual"], "{:.1f} ms"),
        row("One batch with its grid, as while time plays", took["batch"], "{:.1f} ms"),
    ]
