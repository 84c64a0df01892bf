"""What a visitor is told, and the log, when something of ours is broken."""

import logging
import traceback

from starlette.types import Scope

from app.schema.messages import N_

MOST_LOGGED = 200  # characters of a query
BUG = N_("the server made a mistake of its own and could not answer; it has been written down")

logger = logging.getLogger(__name__)


def log_bug(scope: Scope, error: Exception) -> None:
    """Write one line: the request, what went wrong, and where; the whole traceback at level DEBUG."""
    query = scope["query_string"][:MOST_LOGGED].decode(errors="replace")
    last = traceback.extract_tb(error.__traceback__)[-1]
    logger.error(
        "%s %r failed: %s: %r at %s:%s",
        scope["method"],
        f"{scope['path']}?{query}",
        type(error).__name__,
        str(error)[:MOST_LOGGED],
        last.filename,
        last.lineno,
    )
    logger.debug("the same in full", exc_info=error)
