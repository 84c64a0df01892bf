"""The kind of a key whose value is a table of one's own."""

import base64
import zlib
from dataclasses import dataclass
from typing import Any

from app.schema.kinds.base import ALONE, Context, Translate, words
from app.schema.messages import N_, Mistake
from app.schema.table import MOST_BYTES, Table, read_table
from app.schema.text import echo

MOST_LINK = 6000  # characters that a link spends on rows, so that all of it stays below 8 KB
SESSION = "session"  # in a link: the rows are in the browser's session, and come in the body of a POST


@dataclass(frozen=True, kw_only=True)
class OwnRows:
    """A table of one's own: compressed CSV in base64url, or `session`; `example` is CSV to begin with."""

    title: str
    example: str = ""
    help: str = ""

    def parse(self, name: str, text: str, _context: Context = ALONE) -> Table:
        """Read the rows of a link."""
        if text == SESSION:
            return Table(SESSION)
        if len(text) > MOST_LINK:
            template = N_("{name} has {count} characters; expected at most {most} in a link")
            raise Mistake(template, name=name, count=len(text), most=MOST_LINK)
        return read_table(_unpacked(name, text), text)

    def print(self, value: Table) -> str:
        """Print the rows as they came."""
        return value.text

    def declare(self, name: str, _default: None, translate: Translate) -> dict[str, Any]:
        """Return the control's declaration."""
        limits = {"mostLink": MOST_LINK, "mostBytes": MOST_BYTES, "session": SESSION, "example": pack(self.example)}
        return {"kind": "rows", "name": name, **words(self, translate), **limits, "default": None}

    def describe(self) -> dict[str, Any]:
        """Return the schema."""
        return {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": MOST_LINK}


def pack(content: str) -> str:
    """Write CSV as links carry it."""
    packing = zlib.compressobj(level=9, wbits=-zlib.MAX_WBITS)
    packed = packing.compress(content.encode()) + packing.flush()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _unpacked(name: str, text: str) -> bytes:
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacking = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        # One byte more than allowed is enough to refuse what would unpack to gigabytes.
        plain = unpacking.decompress(packed, MOST_BYTES + 1)
    except (ValueError, zlib.error):  # a ValueError also for letters that are not ASCII
        raise _damaged(name, text) from None
    if not unpacking.eof and len(plain) <= MOST_BYTES:
        raise _damaged(name, text)
    return plain


def _damaged(name: str, text: str) -> Mistake:
    template = N_("{name} cannot be unpacked, got {value}; expected compressed CSV as this page writes it")
    return Mistake(template, name=name, value=echo(text))
