"""What request headers ask for, and the tags that answers carry."""

import functools
import hashlib

from starlette.requests import Request

from app.runtime.fingerprint import sources_fingerprint


def tag_of(*parts: str) -> str:
    """Return the strong tag of an answer: of what computes it, and of everything that tells two answers apart."""
    text = "|".join((sources_fingerprint(), *parts))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def has_tag(request: Request, tag: str) -> bool:
    """Whether the client holds the answer with this tag: `If-None-Match` is `*` or a list (RFC 9110, 13.1.2)."""
    held = request.headers.get("if-none-match")
    if held is None:
        return False
    # Tags of ours have no comma in them. The comparison is the weak one: W/ makes no difference.
    return held.strip() == "*" or tag in (each.strip().removeprefix("W/") for each in held.split(","))


def takes_gzip(request: Request) -> bool:
    """Whether `Accept-Encoding` allows gzip."""
    return _allows(request.headers.get("accept-encoding", ""), "gzip")


@functools.lru_cache(64)
def _allows(header: str, coding: str) -> bool:
    weights = dict(preferences(header))
    return weights.get(coding, weights.get("*", 0.0)) > 0


def preferences(header: str) -> list[tuple[str, float]]:
    """Return the values of an `Accept-…` header in lower case, with their weights, best first (RFC 9110, 12.4.2)."""
    found = []
    for part in header.lower().split(","):
        value, *parameters = (each.strip() for each in part.split(";"))
        weight = next((text[2:] for text in parameters if text.startswith("q=")), "1")
        if value:
            found.append((value, _weight(weight)))
    return sorted(found, key=lambda pair: -pair[1])


def _weight(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0
