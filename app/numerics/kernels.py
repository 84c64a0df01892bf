"""How XLA is told to compile a program of small operations as one kernel."""

from collections.abc import Callable

import jax
from jax.experimental.xla_metadata import set_xla_metadata


def as_one_kernel(function: Callable) -> Callable:
    """Return `function` such that XLA compiles all of it into one CPU kernel, where it is part of a jitted program.

    XLA:CPU otherwise dispatches the operations of a loop's body one by one, which takes ten times as long as their
    arithmetic on two numbers. It joins only loops that touch at most 1,024 bytes per turn (its
    SmallWhileLoopHoistingPass) by marking a call with these two attributes; here they are set by hand. They change no
    value, and an XLA that does not know them is only slower: `make bench` would show it.
    """

    def call(*arguments):
        return set_xla_metadata(jax.jit(function)(*arguments), inlineable="false", xla_cpu_small_call="true")

    return call
