"""A warm-up that fails says so, and takes nothing else with it."""

import dataclasses
import time

from app.labs.descent import DESCENT
from app.numerics.conditions import Conditions
from app.numerics.problems import evaluate
from app.readiness import Readiness, warm
from app.runtime.jobs import Jobs
from app.runtime.programs import Programs
from tests.numerics.support import problem as problem_named


def test_a_preset_that_cannot_be_computed_is_said_and_left_out(caplog):
    # An exception in the warm-up left /readyz at 503 for good, without a word.
    computed, warmed = [], []

    def compute(query, _programs, _translate):
        computed.append(query)
        if len(computed) == 2:
            raise ZeroDivisionError("no such program")

    def fail(_programs):
        raise KeyError("nothing here")

    lab = dataclasses.replace(
        DESCENT,
        computations=(dataclasses.replace(DESCENT.computations[0], compute=compute),),
        warmers=(fail, warmed.append),
    )
    jobs, readiness = Jobs(threads=1, queue=1), Readiness()
    with warm([lab], Programs(), jobs, readiness):
        until = time.monotonic() + 20
        while not readiness.is_warm and time.monotonic() < until:
            time.sleep(0.01)
    jobs.close()
    assert readiness.is_ready
    assert readiness.is_warm
    assert len(computed) >= len(lab.presets)
    assert len(warmed) == 1
    preset, warmer = readiness.failed
    assert preset.startswith("descent, preset ")
    assert preset.endswith("ZeroDivisionError: no such program")
    assert warmer == "descent, warmer 0: KeyError: 'nothing here'"
    assert caplog.text.count("Traceback") == 2


def test_what_is_warmed_of_a_surface_is_what_its_picture_needs():
    programs, problem = Programs(), problem_named("bowl")
    next(warmer for warmer in DESCENT.warmers if problem.surface in getattr(warmer, "args", ()))(programs)
    compiled = programs.traces
    evaluate.grid(programs, problem, Conditions(), problem.domain, evaluate.GRID_SIDES[0])
    assert programs.traces == compiled > 0
