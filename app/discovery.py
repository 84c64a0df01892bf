"""Find the records that the modules of a package declare: a new file is all that a new entry takes."""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from types import MappingProxyType, ModuleType
from typing import Protocol, TypeVar


class _Named(Protocol):
    @property
    def name(self) -> str: ...


Record = TypeVar("Record")
Named = TypeVar("Named", bound=_Named)


def records_in(package: ModuleType, kind: type[Record], *, order: Sequence[str] = ()) -> list[Record]:
    """Import every module and package directly inside `package` and return their records of this kind.

    The modules named in `order` come first, the others after them by name; in a module, records come from top to
    bottom. A record that several modules import is returned once, where it is met first.
    """
    names = {each.name for each in pkgutil.iter_modules(package.__path__)}
    found: dict[int, Record] = {}
    for name in (*order, *sorted(names.difference(order))):
        module = importlib.import_module(f"{package.__name__}.{name}")
        found |= {id(thing): thing for thing in vars(module).values() if isinstance(thing, kind)}
    return list(found.values())


def registry(package: ModuleType, kind: type[Named], *, order: Sequence[str]) -> Mapping[str, Named]:
    """Return the records of `records_in` by their names.

    Raises:
        ValueError: two records have the same name.
    """
    found: dict[str, Named] = {}
    for record in records_in(package, kind, order=order):
        if record.name in found:
            raise ValueError(f"{package.__name__} declares {record.name} twice")
        found[record.name] = record
    return MappingProxyType(found)
