"""Programs: bounded in executables, freed when dropped, compiled once, and kept on disk for the next start."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

from app.runtime.programs import Programs
from app.runtime.store import UnnamedError, open_store, text_of

is_linux = pytest.mark.skipif(sys.platform != "linux", reason="memory maps are Linux's")


def waves(power, values):
    """Some operations of which XLA makes a program with memory maps of its own."""
    return jnp.cumsum(jnp.sin(values) ** power).sum() + jnp.sort(values)[0]


def memory_maps():
    return len(Path("/proc/self/maps").read_text().splitlines())


def test_each_shape_counts_as_a_program():
    # 62 lengths of a schedule's warm-up were 62 executables under one key: 870 such maps ended the process.
    programs = Programs(most=5)
    for length in range(1, 13):
        assert programs.get(waves, 2)(np.zeros(length)) == 0
    assert programs.traces == 12
    assert len(programs) == 5


@pytest.mark.thorough
@is_linux
def test_dropped_programs_give_their_memory_maps_back():
    programs = Programs(most=8)

    def compile_some(lengths):
        for length in lengths:
            programs.get(waves, 2)(np.zeros(length))
        return memory_maps()

    before = compile_some(range(1, 41))  # by then LLVM has the memory that it reuses
    assert compile_some(range(41, 81)) - before < 60  # each executable has some 20, and eight are alive


def test_a_program_is_compiled_for_its_types_and_answers_like_the_function():
    programs = Programs()
    values = np.linspace(0, 1, 4)
    for given in (values, values.astype(np.float32), jnp.asarray(values), np.ones((4,), int)):
        assert programs.get(waves, 2)(given) == pytest.approx(float(waves(2, jnp.asarray(given))))
    assert programs.get(waves, 3)(values) == pytest.approx(float(waves(3, values)))
    assert programs.traces == 4  # an array of JAX's is one of NumPy's


def test_threads_that_want_the_same_program_wait_for_one_compilation():
    programs = Programs()
    threads = [threading.Thread(target=lambda: programs.get(waves, 2)(np.zeros(7))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert programs.traces == 1


START = """
import sys
import numpy as np
from app.numerics.problems import evaluate
from app.numerics.problems.scalers import SCALERS, Scaling
from app.numerics.problems.surfaces import SURFACES
from app.runtime.programs import Programs
from app.runtime.store import open_store, text_of

assert len({text_of(surface) for surface in SURFACES.values()}) == len(SURFACES)
programs = Programs(store=open_store(sys.argv[1]))
problem = SURFACES["himmelblau"].bind({}, Scaling(SCALERS["none"], {}), 0)
evaluate.warm(programs, problem)
x, y, loss = evaluate.grid(programs, problem, evaluate.Conditions(), problem.domain, 5)
print(programs.traces, loss.sum())
"""


@pytest.mark.thorough
def test_a_second_start_loads_what_the_first_one_compiled(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "JAX_COMPILATION_CACHE_DIR"}
    command = [sys.executable, "-c", START, str(tmp_path / "cache")]

    def start():
        run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return run.stdout.split()

    first, second = start(), start()
    assert int(first[0]) > 0
    assert int(second[0]) == 0
    assert first[1] == second[1]


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR", raising=False)
    return open_store(str(tmp_path / "cache"))


def test_a_damaged_file_is_compiled_again(store, monkeypatch):
    (store.folder / "name").write_bytes(b"x" * 100)
    assert store.load("name") is None
    assert store.load("absent") is None


def test_a_folder_that_others_may_write_to_is_not_used(tmp_path, monkeypatch, caplog):
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR", raising=False)
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    assert open_store(str(folder)) is None
    assert "must belong to this user alone" in caplog.text
    link = tmp_path / "link"
    (tmp_path / "private").mkdir(mode=0o700)
    link.symlink_to(tmp_path / "private")
    assert open_store(str(link)) is None


def test_the_folder_is_private_and_named_after_this_machine_and_version(store):
    assert store.folder.stat().st_mode & 0o777 == 0o700
    assert store.folder.parent.stat().st_mode & 0o777 == 0o700


def test_programs_of_older_versions_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR", raising=False)
    for age in range(5):
        (tmp_path / f"old-{age}").mkdir()
        (tmp_path / f"old-{age}" / "program").write_bytes(b"")
        os.utime(tmp_path / f"old-{age}", (age, age))
    tmp_path.chmod(0o700)
    store = open_store(str(tmp_path))
    assert store is not None
    assert {path.name for path in tmp_path.iterdir()} == {"old-3", "old-4", store.folder.name}


def test_names_tell_programs_apart_that_only_their_code_tells_apart():
    def power(exponent):
        return lambda values: values**exponent

    assert text_of(power(2)) == text_of(power(2))
    assert text_of(power(2)) != text_of(power(3))
    with pytest.raises(UnnamedError):
        text_of(object())
