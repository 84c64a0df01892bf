"""What an answer depends on beside its query: the sources that compute it and the libraries that they call."""

import functools
import hashlib
from importlib.metadata import version
from pathlib import Path

APP = Path(__file__).parents[1]
LIBRARIES = ("jax", "jaxlib", "numpy", "optax", "scikit-learn", "scipy")


@functools.cache
def sources_fingerprint() -> str:
    """Return 32 hexadecimal digits that change when any module or translation of the program does, or a library."""
    digest = hashlib.sha256()
    paths = [path for suffix in ("*.py", "*.mo") for path in APP.rglob(suffix)]
    for path in sorted(paths):
        digest.update(path.relative_to(APP).as_posix().encode())
        digest.update(path.read_bytes())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}".encode())
    return digest.hexdigest()[:32]
