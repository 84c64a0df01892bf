"""Ready means that what a class opens first answers at once: the presets' programs are compiled and stay."""

import functools
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.labs.base import Lab
from app.runtime.jobs import Jobs
from app.runtime.memory import give_back_memory, trim_heap
from app.runtime.programs import Programs
from app.schema.page import read_page

PAUSE = 0.02  # seconds between two looks at whether anybody waits
TRIM_SECONDS = 10
AHEAD = 4  # programs in memory while others are compiled for the store alone

logger = logging.getLogger(__name__)


@dataclass
class Readiness:
    """Set by the thread that warms up; `failed` names what could not be compiled, and why."""

    is_ready: bool = False  # the presets' programs are compiled
    is_warm: bool = False  # … and what visitors will probably need next
    failed: list[str] = field(default_factory=list)


@contextmanager
def warm(labs: Sequence[Lab], programs: Programs, jobs: Jobs, readiness: Readiness) -> Iterator[None]:
    """Compile the presets' programs in a thread of their own while the server already answers, then those of `warmers`.

    What comes after the presets waits while anybody waits for an answer. A program that fails is left out, and said in
    the log and by `/readyz`: one broken preset must not take a class its other ones.
    """
    is_stopped = threading.Event()

    def attempt(name: str, act: Callable[[], object]) -> None:
        try:
            act()
        except Exception as error:  # whatever it is, it is said, and the others go on
            logger.exception("warming up: %s", name)
            readiness.failed.append(f"{name}: {type(error).__name__}: {error}")

    def work() -> None:
        for name, act in _presets(labs, programs):
            if is_stopped.is_set():
                return
            attempt(name, act)
        if programs.store is None:
            programs.pin()
        give_back_memory()
        readiness.is_ready = True
        # What the store keeps is loaded in a moment when it is first wanted, and need not take memory until then.
        ahead = Programs(AHEAD, store=programs.store) if programs.store else programs
        for lab in labs:
            for number, warmer in enumerate(lab.warmers):
                while not jobs.is_idle and not is_stopped.wait(PAUSE):
                    pass
                if is_stopped.is_set():
                    return
                attempt(f"{lab.slug}, warmer {number}", functools.partial(warmer, ahead))
        del ahead
        give_back_memory()
        readiness.is_warm = True
        while not is_stopped.wait(TRIM_SECONDS):  # answers leave holes, too: 20 MB in a hundred surveys
            trim_heap()

    thread = threading.Thread(target=work, name="warm-up", daemon=True)
    thread.start()
    yield
    is_stopped.set()
    thread.join()


def _presets(labs: Sequence[Lab], programs: Programs) -> Iterator[tuple[str, Callable[[], object]]]:
    for lab in labs:
        for preset in lab.presets:
            for computation in lab.computations:
                for query in read_page(computation.query, preset.query).panels:
                    name = f"{lab.slug}, preset {preset.name}, {computation.name}"
                    yield name, functools.partial(computation.compute, query, programs, str)
