"""A lab's keys as plain data, in the reader's language: what the page builds its controls and links from."""

from typing import Any

from app.schema.kinds.base import Translate
from app.schema.query import At, LabQuery


def declare(query: type[LabQuery], translate: Translate) -> list[dict[str, Any]]:
    """Return one record a key, in the order of links."""
    return [_of_page(at) | at.kind.declare(name, at.default, translate) for name, at in query.ats().items()]


def _of_page(at: At) -> dict[str, Any]:
    """Return what the page has to know of the key, whatever its kind."""
    return {
        "role": at.role,
        "group": at.group,
        "shapes": at.shapes,
        "shownWith": at.shown_with,
        "only": at.only,
    }
