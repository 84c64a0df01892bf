"""Stories: guided sequences of views, each a link with a sentence and what to observe. A file for each."""

import sys

from app.discovery import records_in
from app.stories.record import Step, Story

STORIES: tuple[Story, ...] = tuple(sorted(records_in(sys.modules[__name__], Story), key=lambda story: story.place))


def moments() -> dict[str, tuple[Story, int]]:
    """Return every step of every story under the name that links write, `story@number`; numbers begin at 1."""
    return {f"{story.name}@{number}": (story, number) for story in STORIES for number in range(1, len(story.steps) + 1)}


__all__ = ["STORIES", "Step", "Story", "moments"]
