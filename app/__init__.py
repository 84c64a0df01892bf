"""Descent Lab: optimization on loss surfaces, shown step by step."""

import jax

from app.settings import Settings

# How many devices there are is decided before the first array exists, and some modules make theirs when imported.
if (devices := Settings().devices) > 1:
    jax.config.update("jax_num_cpu_devices", devices)
