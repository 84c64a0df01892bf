"""All optimizers, in the order in which they are taught.

Every module of this package is searched: a new file with one decorated function is in all menus. Families come in the
order below, and new ones after them; in a family, modules come by name, and in a module from top to bottom.
"""

import sys
from collections.abc import Mapping

from app.discovery import registry
from app.numerics.optimizers import adam, adaptive, gradient, second_order, sign
from app.numerics.optimizers.record import Optimizer, Quantity

FAMILIES = (gradient.FAMILY, adaptive.FAMILY, adam.FAMILY, sign.FAMILY, second_order.FAMILY)

OPTIMIZERS: Mapping[str, Optimizer] = registry(sys.modules[__name__], Optimizer, families=FAMILIES)

__all__ = ["OPTIMIZERS", "Optimizer", "Quantity"]
