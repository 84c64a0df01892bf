"""Ready means that what a class opens first answers at once: the presets' programs are compiled and stay."""

import functools
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from app.labs.base import Lab
from app.runtime.jobs import Workers
from app.runtime.programs import Programs
from app.schema.page import read_page

PAUSE = 0.02  # seconds, after which it is looked again whether anybody waits


@dataclass
class Readiness:
    """Set by the thread that warms up."""

    is_ready: bool = False  # the presets' programs are compiled
    is_warm: bool = False  # … and what visitors will probably need next


@contextmanager
def warm(labs: Sequence[Lab], programs: Programs, workers: Workers, readiness: Readiness) -> Iterator[None]:
    """Compile the presets' programs in a thread of their own while the server already answers, then those of `warmers`.

    What comes after the presets waits while anybody waits for an answer.
    """
    is_stopped = threading.Event()

    def work() -> None:
        for act in _presets(labs, programs):
            if is_stopped.is_set():
                return
            act()
        programs.pin()
        readiness.is_ready = True
        for warmer in (warmer for lab in labs for warmer in lab.warmers):
            while not workers.is_idle and not is_stopped.wait(PAUSE):
                pass
            if is_stopped.is_set():
                return
            warmer(programs)
        readiness.is_warm = True

    thread = threading.Thread(target=work, name="warm-up", daemon=True)
    thread.start()
    yield
    is_stopped.set()
    thread.join()


def _presets(labs: Sequence[Lab], programs: Programs) -> Iterator[Callable[[], object]]:
    for lab in labs:
        for preset in lab.presets:
            for computation in lab.computations:
                for query in read_page(computation.query, preset.query).panels:
                    yield functools.partial(computation.compute, query, programs, str)
