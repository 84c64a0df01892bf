"""All loss surfaces, in the order in which they are taught."""

import sys
from collections.abc import Mapping

from app.discovery import registry
from app.numerics.problems.surfaces.record import Surface

# Every module of this package is searched; those that are not named here follow by name.
TAUGHT = ("quadratic", "regression", "logistic", "saddles", "valleys", "basins", "multimodal", "losses")

SURFACES: Mapping[str, Surface] = registry(sys.modules[__name__], Surface, order=TAUGHT)
