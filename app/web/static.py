"""Static files under an address that names their content, so that browsers may keep them for ever.

Starlette's own StaticFiles with GZipMiddleware compresses a file at each request: 60 ms for Plotly.
"""

import hashlib
import mimetypes
import posixpath
import re
from functools import cached_property
from gzip import compress
from pathlib import Path

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.web.headers import has_tag, tag_of, takes_gzip

STATIC = Path(__file__).parents[2] / "static"
COMPRESSIBLE = ("text/", "application/json", "application/javascript", "image/svg+xml")
IMPORTED = re.compile(r'^(?:import|export)\b[^;"(]*?"(\.[^"]+)"', re.MULTILINE)
# Blocks of JSDoc, a third of our scripts as they are transferred; formatted as they are, they begin a line.
DOCUMENTATION = re.compile(rb"^[ ]*/\*\*(?:[^*]|\*(?!/))*\*/$", re.MULTILINE)
FOR_EVER = "public, max-age=31536000, immutable"

# Module scripts are refused with any other type, and some systems' registries say text/plain.
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")


class StaticFiles:
    """The files below a folder, read and compressed once each; `version` is a hash over all of them."""

    def __init__(self, folder: Path = STATIC, *, is_cached: bool = True) -> None:
        self.folder = folder
        self.is_cached = is_cached
        self._modules: dict[str, list[str]] = {}
        self._bodies: dict[tuple[str, bool], bytes] = {}  # whatever version an address names, it gets these bytes
        # Only listed files are served: an address can name nothing else on the machine.
        self._files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that change when any file does."""
        digest = hashlib.sha256()
        for name, path in sorted(self._files.items()):
            digest.update(name.encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()[:12]

    def url(self, root: str, path: str) -> str:
        """Return the address of a file; relative imports inside it stay within the same version."""
        return f"{root}/static/{self.version}/{path}"

    def modules(self, entry: str) -> list[str]:
        """Return what a script imports, directly or not, for a page that says early what it will need.

        What is imported on demand, by `import(…)`, is left out.
        """
        if not self.is_cached or entry not in self._modules:
            found: dict[str, None] = {}
            self._collect(entry, found)
            self._modules[entry] = [path for path in found if path != entry]
        return self._modules[entry]

    def _collect(self, path: str, found: dict[str, None]) -> None:
        if path in found:
            return
        found[path] = None
        for name in IMPORTED.findall(self._files[path].read_text()):
            self._collect(posixpath.normpath(posixpath.join(posixpath.dirname(path), name)), found)

    async def respond(self, request: Request) -> Response:
        """Answer `/static/{version}/{path}`."""
        path, version = request.path_params["path"], request.path_params["version"]
        if path not in self._files:
            return PlainTextResponse(f"there is no static file {path[:40]!r}", status_code=404)
        media_type = mimetypes.guess_type(path)[0] or "application/octet-stream"
        is_compressed = media_type.startswith(COMPRESSIBLE) and takes_gzip(request)
        is_current = self.is_cached and version == self.version
        tag = tag_of(self.version if self.is_cached else "", path, "gzip" if is_compressed else "")
        headers = {"Cache-Control": FOR_EVER if is_current else "no-cache", "Vary": "Accept-Encoding"}
        if self.is_cached:
            headers["ETag"] = tag
            if has_tag(request, tag):
                return Response(status_code=304, headers=headers)
        if is_compressed:
            headers["Content-Encoding"] = "gzip"
        body = self._bodies.get((path, is_compressed))
        if body is None:
            body = await to_thread.run_sync(self._read, path, is_compressed)
            if self.is_cached:
                self._bodies[path, is_compressed] = body
        return Response(body, media_type=media_type, headers=headers)

    def _read(self, path: str, is_compressed: bool) -> bytes:
        body = self._files[path].read_bytes()
        if self.is_cached and path.startswith("js/"):
            body = undocumented(body)
        if not is_compressed:
            return body
        return compress(body, compresslevel=9 if self.is_cached else 1, mtime=0)


def undocumented(script: bytes) -> bytes:
    """Return a module without its blocks of JSDoc; the lines keep their numbers."""
    return DOCUMENTATION.sub(lambda block: b"\n" * block[0].count(b"\n"), script)
