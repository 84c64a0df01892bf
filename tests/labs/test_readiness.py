"""Ready means that what a class opens first has been computed once, and stays."""

import dataclasses
import threading

from app.labs import LABS
from app.runtime.jobs import Jobs
from app.runtime.programs import Programs
from app.runtime.readiness import Readiness, warm


def test_ready_is_said_after_the_presets_and_what_comes_next_is_warmed_then():
    averages = next(lab for lab in LABS if lab.slug == "averages")
    readiness, is_done, seen = Readiness(), threading.Event(), []

    def warmer(_programs: Programs) -> None:
        seen.append(readiness.is_ready)
        is_done.set()

    lab = dataclasses.replace(averages, warmers=(warmer,))
    with warm((lab,), Programs(), Jobs(threads=1, queue=1), readiness):
        assert is_done.wait(60)
    assert seen == [True]


def test_what_descent_warms_is_not_compiled_again():
    descent = next(lab for lab in LABS if lab.slug == "descent")
    programs = Programs()
    warmer = descent.warmers[-1]
    warmer(programs)
    before = programs.traces
    assert before
    warmer(programs)
    assert programs.traces == before
