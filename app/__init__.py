"""Descent Lab: optimization on loss surfaces, shown step by step."""

from app.runtime.memory import share_arenas

share_arenas()  # before JAX starts its threads

import jax  # noqa: E402

from app.settings import Settings  # noqa: E402

# How many devices there are is decided before the first array exists, and some modules make theirs when imported.
if (devices := Settings().devices) > 1:
    jax.config.update("jax_num_cpu_devices", devices)
