"""All loss surfaces, in the order in which they are taught: module by module, and in a module from top to bottom."""

from collections.abc import Mapping
from types import MappingProxyType

from app.numerics.problems.surfaces import basins, logistic, losses, multimodal, quadratic, regression, saddles, valleys
from app.numerics.problems.surfaces.record import Surface

_MODULES = (quadratic, regression, logistic, saddles, valleys, basins, multimodal, losses)

SURFACES: Mapping[str, Surface] = MappingProxyType(
    {thing.name: thing for module in _MODULES for thing in vars(module).values() if isinstance(thing, Surface)}
)
