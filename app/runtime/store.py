"""Compiled programs on disk, so that a second start need not compile: safe to lose, private, for this machine only.

JAX's own compilation cache keeps what XLA makes, but each start traces and lowers every program again: for the
presets' programs seven times as long as loading the whole executables, and twice the memory.
"""

import dataclasses
import functools
import hashlib
import logging
import os
import pickle
import platform
import sys
import tempfile
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType
from typing import Any

import jax
import jaxlib.version
import numpy as np
from jax.experimental import serialize_executable

from app.runtime.fingerprint import sources_fingerprint

MOST_BYTES = 256 * 2**20
MOST_OTHERS = 2  # folders of other versions that are left alone
DIGEST = hashlib.sha256

logger = logging.getLogger(__name__)


class UnnamedError(ValueError):
    """Something has no name that is the same in every process."""


class Store:
    """A folder of serialized executables, named by what they were compiled from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._bytes = sum(path.stat().st_size for path in folder.iterdir())

    def name(self, function: Callable, static: tuple[Hashable, ...], forms: Any) -> str | None:
        """Return the name of a program; None if it is made of something that only this process knows."""
        try:
            text = f"{text_of(function)}|{text_of(static)}|{forms}"
        except UnnamedError:
            return None
        return DIGEST(text.encode()).hexdigest()

    def load(self, name: str) -> Callable | None:
        """Return the executable that is kept under a name, if there is one and it is whole."""
        try:
            content = (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None
        digest, body = content[:32], content[32:]
        if DIGEST(body).digest() != digest:  # cut off by a full disk, say
            return None
        # The folder is ours alone, as `open_store` made sure.
        return serialize_executable.deserialize_and_load(*pickle.loads(body))  # noqa: S301

    def save(self, name: str, executable: Any) -> None:
        """Keep an executable; where the disk is full, it is not kept."""
        body = pickle.dumps(serialize_executable.serialize(executable))
        if self._bytes + len(body) > MOST_BYTES:
            return
        try:
            # Whoever reads at the same time sees the whole file or none.
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                file.write(DIGEST(body).digest() + body)
            Path(file.name).replace(self.folder / name)
            self._bytes += len(body)
        except OSError as error:
            logger.warning("a compiled program could not be kept: %s", error)


def open_store(folder: str) -> Store | None:
    """Open the store below `folder`: a path, "auto" for the user's cache, or "off".

    Return None, with a line in the log, where there is no folder to be had.
    """
    if folder == "off":
        return None
    if os.environ.get("JAX_COMPILATION_CACHE_DIR"):
        # What JAX has loaded from its own cache cannot be written again: the machine code is not in it.
        logger.info("JAX's own compilation cache is in use; programs are not kept in another one")
        return None
    parents = _usual_folders() if folder == "auto" else [Path(folder)]
    for parent in parents:
        try:
            _make_private(parent)
            own = parent / fingerprint()
            _make_private(own)
            own.touch()
            _forget_others(parent, own)
            return Store(own)
        except OSError as error:
            logger.warning("compiled programs are not kept in %s: %s", parent, error)
    return None


def _usual_folders() -> list[Path]:
    user = os.getuid() if hasattr(os, "getuid") else "user"
    cache = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return [Path(cache) / "descent-lab", Path(tempfile.gettempdir()) / f"descent-lab-{user}"]


def _make_private(folder: Path) -> None:
    """Make a folder that nobody else may write to or read.

    Raises:
        OSError: it cannot be made, or others have a hand in it: a program from there would run as this user.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    is_ours = not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o077)
    if folder.is_symlink() or not is_ours:
        raise PermissionError(f"{folder} must belong to this user alone (mode 700)")


def _forget_others(parent: Path, own: Path) -> None:
    others = sorted((path for path in parent.iterdir() if path != own), key=lambda path: path.stat().st_mtime)
    for folder in others[:-MOST_OTHERS]:
        for path in folder.iterdir():
            path.unlink(missing_ok=True)
        folder.rmdir()


@functools.cache
def fingerprint() -> str:
    """Return what an executable depends on beside its function: our sources, JAX, and this machine's processor."""
    parts = (
        sources_fingerprint(),
        jax.__version__,
        jaxlib.version.__version__,
        sys.version,
        platform.machine(),
        _processor(),
        os.environ.get("XLA_FLAGS", ""),
        str(jax.local_device_count()),
    )
    return DIGEST("|".join(parts).encode()).hexdigest()[:16]


def _processor() -> str:
    """Return the model and the instruction sets of the processor."""
    path = Path("/proc/cpuinfo")
    if not path.exists():
        return platform.processor() + platform.node()
    lines = path.read_text().splitlines()
    wanted = ("model name", "flags", "Features", "CPU part")
    return "|".join(sorted({line for line in lines if line.partition("\t")[0].strip() in wanted}))


def text_of(value: Any, inside: tuple[int, ...] = ()) -> str:
    """Return a text that is the same in every process for equal values, functions by their code included.

    `inside` holds the ids of what the value is a part of: a function may hold the record that it belongs to.

    Raises:
        UnnamedError: there is none.
    """
    if id(value) in inside:
        return f"above:{inside.index(id(value))}"
    text = functools.partial(text_of, inside=(*inside, id(value)))
    match value:
        case None | bool() | int() | float() | str() | bytes():
            return repr(value)
        case FunctionType():
            cells = [cell.cell_contents for cell in value.__closure__ or ()]
            held = [*cells, value.__defaults__, value.__kwdefaults__]
            return f"{value.__module__}.{value.__qualname__}:{_code_text(value.__code__)}({','.join(map(text, held))})"
        case functools.partial():
            return f"partial({text(value.func)},{text(value.args)},{text(value.keywords)})"
        case type() | BuiltinFunctionType():
            return f"{value.__module__}.{value.__qualname__}"
        case np.ufunc():
            return f"numpy.{value.__name__}"
        case np.ndarray():
            return f"array({value.dtype},{value.shape},{DIGEST(np.ascontiguousarray(value).tobytes()).hexdigest()})"
        case tuple() | list():
            return f"{text(type(value))}({','.join(map(text, value))})"
        case Mapping():
            return "{" + ",".join(f"{text(key)}:{text(item)}" for key, item in value.items()) + "}"
    if isinstance(wrapped := getattr(value, "__wrapped__", None), FunctionType):  # a cached function
        return text(wrapped)
    if dataclasses.is_dataclass(value):
        fields = (f"{field.name}={text(getattr(value, field.name))}" for field in dataclasses.fields(value))
        return f"{text(type(value))}({','.join(fields)})"
    raise UnnamedError(type(value).__name__)


def _code_text(code: CodeType) -> str:
    constants = [_code_text(each) if isinstance(each, CodeType) else _constant_text(each) for each in code.co_consts]
    return DIGEST(f"{code.co_code.hex()}{constants}{code.co_names}".encode()).hexdigest()[:16]


def _constant_text(value: Any) -> str:
    # The order of a set is another in each process.
    return repr(sorted(map(repr, value))) if isinstance(value, frozenset) else repr(value)
