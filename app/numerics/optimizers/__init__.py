"""All optimizers, in the order in which they are taught."""

import sys
from collections.abc import Mapping

from app.discovery import registry
from app.numerics.optimizers.record import Optimizer, Quantity

# Every module of this package is searched; those that are not named here follow by name, and menus group by family.
TAUGHT = ("gradient", "momentum", "adaptive", "adam", "adam_variance", "sign", "second_order")

OPTIMIZERS: Mapping[str, Optimizer] = registry(sys.modules[__name__], Optimizer, order=TAUGHT)

__all__ = ["OPTIMIZERS", "Optimizer", "Quantity"]
