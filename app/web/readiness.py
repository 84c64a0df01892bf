"""Ready means that what a class opens first answers at once: the presets' programs are compiled and stay."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from app.labs.common import Lab
from app.numerics.programs import Programs
from app.query.page import read_page


@dataclass
class Readiness:
    """Set once, by the thread that warms up."""

    is_ready: bool = False


@contextmanager
def warm(labs: Sequence[Lab], programs: Programs, readiness: Readiness) -> Iterator[None]:
    """Compile the presets' programs in a thread of their own while the server already answers."""
    is_stopped = threading.Event()

    def work() -> None:
        for lab in labs:
            for preset in lab.presets:
                for computation in lab.computations:
                    for query in read_page(computation.query, preset.query).panels:
                        if is_stopped.is_set():
                            return
                        computation.compute(query, programs, str)
        programs.pin()
        readiness.is_ready = True

    thread = threading.Thread(target=work, name="warm-up", daemon=True)
    thread.start()
    yield
    is_stopped.set()
    thread.join()
