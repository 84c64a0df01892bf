"""What every kind of key can do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.schema.messages import Sentence

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Context:
    """What is known while a text is read.

    `values` are those of the parameters before it in the same component. `notes` takes a sentence for each mistake
    that can be mended; None lets the mistake through.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    notes: list[Sentence] | None = None


ALONE = Context()


class Kind(Protocol):
    """A kind of key: what its values are, and how links, the page and the API's description write them."""

    @property
    def title(self) -> str:
        """What the control is called."""
        ...

    @property
    def help(self) -> str:
        """What it does, in a sentence or two, or nothing."""
        ...

    def parse(self, name: str, text: str, context: Context = ALONE, /) -> Any:
        """Read one value of the key `name`.

        Raises:
            Mistake: names the key, what was written and what was expected.
        """
        ...

    def print(self, value: Any, /) -> str:
        """Print one value as links write it."""
        ...

    def declare(self, name: str, default: Any, translate: Translate, /) -> dict[str, Any]:
        """Return what the page builds a control from: plain data in the reader's language."""
        ...

    def describe(self) -> dict[str, Any]:
        """Return the OpenAPI schema of one value."""
        ...


def words(kind: Kind, translate: Translate) -> dict[str, str]:
    """Return what every declaration says of a kind to people."""
    return {
        "title": translate(kind.title),
        "symbol": getattr(kind, "symbol", ""),
        "help": translate(kind.help) if kind.help else "",
    }
