"""The numerics: pure JAX in float64, without any knowledge of the web."""

import jax

# Textbook digits need double precision, and the switch is process-wide: it is set before any array exists.
jax.config.update("jax_enable_x64", True)
