"""A page's state: one query, or two that differ in the keys after `vs.`; read from an address, printed as one."""

import dataclasses
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.schema.messages import Sentence, noting
from app.schema.query import PREFIX, LabQuery, Pairs, print_pairs, read_pairs
from app.schema.text import unknown

Query = TypeVar("Query", bound=LabQuery)


@dataclass(frozen=True)
class PageQuery(Generic[Query]):
    """The query of the first panel, which also holds the page's own keys, and that of the second, if there is one."""

    first: Query
    second: Query | None = None

    @property
    def panels(self) -> tuple[Query, ...]:
        """The queries in the order in which they are drawn."""
        return (self.first,) if self.second is None else (self.first, self.second)

    def check_problem(self, notes: list[Sentence] | None) -> "PageQuery[Query]":
        """Check what only the bound problems can tell, and return the page, mended if notes are taken."""
        first = self.first.check_problem(notes)
        if self.second is None:
            return PageQuery(first)
        # What the second panel has in common with the first is mended with it, and noted once.
        shared = {
            name: getattr(first, name)
            for name in first.ats()
            if getattr(self.second, name) == getattr(self.first, name)
        }
        second = dataclasses.replace(self.second, **shared).check_problem(notes)
        return PageQuery(first, None if second == first else second)

    def link(self) -> str:
        """Print the canonical address: the query's keys, the page's, then what differs in the second panel."""
        pairs = self.first.pairs("query") + self.first.pairs("page")
        if self.second is not None:
            for name in self.first.keys("query"):
                if getattr(self.first, name) != getattr(self.second, name):
                    pairs += [(PREFIX + name, text) for text in self.second.texts(name) or [""]]
        return print_pairs(pairs)


def read_page(model: type[Query], query_string: str, notes: list[Sentence] | None = None) -> PageQuery[Query]:
    """Read a page's address.

    Args:
        notes: takes a sentence for each value that was replaced; None raises at the first mistake instead.
    """
    own, replaced = _split(model, query_string, notes)
    first = model.read(own, notes)
    if not replaced:
        return PageQuery(first)
    names = {name for name, _ in replaced}
    # `vs.learning_rate=` leaves out in the second panel what the first one sets; only a key that may be unset can be.
    replaced = [(name, text) for name, text in replaced if text or model.ats()[name].default is not None]
    second = model.read([pair for pair in first.pairs() if pair[0] not in names] + replaced, notes)
    return PageQuery(first, None if second == first else second)


def read_first(model: type[Query], query_string: str) -> Query:
    """Read the first panel's query alone, as the API does; of the second panel's keys only the names are looked at.

    Raises:
        Mistake: the first one.
    """
    own, _ = _split(model, query_string, None)
    return model.read(own)


def _split(model: type[LabQuery], query_string: str, notes: list[Sentence] | None) -> tuple[Pairs, Pairs]:
    """Return the first panel's pairs, and what replaces them in the second."""
    own, replaced = [], []
    comparable = model.keys("query")
    for name, text in read_pairs(query_string, notes):
        if not name.startswith(PREFIX):
            own.append((name, text))
            continue
        name = name.removeprefix(PREFIX)
        with noting(notes):
            if name not in comparable:
                raise unknown(f"{PREFIX} key", name, comparable)
            replaced.append((name, text))
    return own, replaced
