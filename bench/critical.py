"""How long the lab of critical points takes to find all points in view, and to answer a click."""

import itertools

from app.labs.critical.compute import compute, compute_expansion
from app.labs.critical.experiments import compute_escape
from app.labs.critical.query import CriticalQuery
from app.numerics.analysis.critical_points import survey
from app.runtime.programs import Programs
from app.schema.page import read_page
from bench.record import Row, row
from bench.timing import interleaved

ROUNDS = 15


def measure() -> list[Row]:
    """Measure in this process, with the programs compiled; every view and every point is a new one."""
    programs, numbers = Programs(), itertools.count(1)

    def query(link: str) -> CriticalQuery:
        return read_page(CriticalQuery, link).first

    def search(name: str) -> int:
        asked = query(f"surface={name}")
        (x0, x1), side = asked.problem.domain
        return survey(programs, asked.problem, asked.conditions, ((x0, x1 + 1e-9 * next(numbers)), side)).found

    def click() -> None:
        asked = query(f"surface=himmelblau&point=1,{1 + 1e-6 * next(numbers)}")
        compute(asked, programs, str)
        compute_escape(asked, programs, str)

    def move() -> None:
        compute_expansion(query(f"surface=himmelblau&point=1,{1 + 1e-6 * next(numbers)}"), programs, str)

    found = {name: search(name) for name in ("himmelblau", "rastrigin")}
    click()
    took = interleaved(
        {
            "himmelblau": (lambda: search("himmelblau"), 1),
            "rastrigin": (lambda: search("rastrigin"), 1),
            "click": (click, 5),
            "move": (move, 20),
        },
        ROUNDS,
    )
    return [
        row(f"Himmelblau: all {found['himmelblau']} critical points", took["himmelblau"], "{:.0f} ms", most=200),
        row(f"Rastrigin: all {found['rastrigin']} critical points", took["rastrigin"], "{:.0f} ms"),
        row("Critical points: a click, with the escape from the saddle", took["click"], "{:.1f} ms", most=50),
        row("… the point alone, as while it is dragged", took["move"], "{:.1f} ms"),
    ]
