"""A lab's keys as plain data, in the reader's language: what the page builds its controls and links from."""

from typing import Any

from app.schema.kinds.base import Translate
from app.schema.query import LabQuery


def declare(query: type[LabQuery], translate: Translate) -> list[dict[str, Any]]:
    """Return one record a key, in the order of links."""
    return [
        {"role": at.role, "group": at.group, **at.kind.declare(name, at.default, translate)}
        for name, at in query.ats().items()
    ]
