"""What a start must not wait for, and how much memory threads keep for themselves."""

import os
import platform
import subprocess
import sys

import pytest

SLOW = ("sklearn", "scipy.stats", "scipy.ndimage", "scipy.spatial", "plotly", "optax")
START = """
import sys
from app.main import create_app

create_app()
print(*sys.modules)
"""


def test_a_start_imports_no_library_that_only_some_answers_need():
    # scikit-learn and the parts of SciPy that it imports took a third of the time until the port was open.
    run = subprocess.run([sys.executable, "-c", START], stdout=subprocess.PIPE, text=True, check=True)
    imported = run.stdout.split()
    assert "app.numerics.problems.scalers" in imported
    assert not [name for name in imported if name in SLOW]


FREED = """
import ctypes
import threading

import app

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
found, ready = [], threading.Barrier(12)


def allocate():
    ready.wait()
    found.append(libc.malloc(1000))
    ready.wait()


threads = [threading.Thread(target=allocate) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len({address >> 26 for address in found}))  # an arena of glibc's begins every 64 MB
"""


@pytest.mark.skipif(sys.platform != "linux" or platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")
def test_threads_share_two_pools_of_memory():
    # Each of 28 threads had its own, which kept what it had freed: 175 MB in all.
    environment = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    run = subprocess.run([sys.executable, "-c", FREED], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    assert int(run.stdout) <= 2
