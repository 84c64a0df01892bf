"""Answers as plain dictionaries, as a client reads them, with arrays as they are."""

import dataclasses
from typing import Any

from app.schema.answers import fields_of


def plain(answer: Any) -> Any:
    """Turn dataclasses at any depth into dictionaries of the fields that are there."""
    if dataclasses.is_dataclass(answer):
        return {name: plain(value) for name, value in fields_of(answer).items()}
    if isinstance(answer, list):
        return [plain(value) for value in answer]
    return answer
