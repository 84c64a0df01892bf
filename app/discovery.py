"""Find the records that the modules of a package declare: a new file is all that a new entry takes."""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from types import MappingProxyType, ModuleType
from typing import Any, Protocol, TypeVar


class _Named(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def family(self) -> str: ...


Record = TypeVar("Record")
Named = TypeVar("Named", bound=_Named)


def records_in(package: ModuleType, kind: type[Record]) -> list[Record]:
    """Import every module and package directly inside `package` and return their records of this kind.

    They come module by module in the order of the modules' names, and in a module from top to bottom; a record that
    several modules import comes once.
    """
    found: dict[int, Record] = {}
    for each in sorted(pkgutil.iter_modules(package.__path__), key=lambda each: each.name):
        module = importlib.import_module(f"{package.__name__}.{each.name}")
        found |= {id(thing): thing for thing in vars(module).values() if isinstance(thing, kind)}
    return list(found.values())


def registry(package: ModuleType, kind: type[Named], *, families: Sequence[str]) -> Mapping[str, Named]:
    """Return a package's records by name: family by family in this order, and those of other families after them.

    Raises:
        ValueError: two records have the same name.
    """
    rank: dict[Any, int] = {family: place for place, family in enumerate(families)}
    records = sorted(records_in(package, kind), key=lambda each: rank.get(each.family, len(families)))
    found = {each.name: each for each in records}
    if len(found) < len(records):
        names = [each.name for each in records]
        raise ValueError(f"{package.__name__} declares {next(name for name in names if names.count(name) > 1)} twice")
    return MappingProxyType(found)
