"""What holds for every answer: the security headers, a bound on the length of a query, HEAD, and how a bug is told."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.schema.messages import N_, Sentence
from app.web.api import refuse
from app.web.bugs import BUG, log_bug
from app.web.languages import language_of, translator

MOST_QUERY_BYTES = 8192

# Plotly sets style attributes (not elements: its rules come as a file), and a picture is downloaded through a blob.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), fullscreen=(self), clipboard-write=(self)",
}
RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
ERROR_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Descent Lab</title>
<h1>Descent Lab</h1>
<p>{sentence}</p>
<p><a href="{root}/">Descent Lab</a></p>
</html>
"""


class Guard:
    """ASGI middleware; written by hand because Starlette's base class costs more than a whole trajectory."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_head, has_started = scope["method"] == "HEAD", False
        if is_head:  # answered as GET is, by the same routes, but for the body
            scope = {**scope, "method": "GET", "is_head": True}

        async def send_guarded(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                message["headers"] = [*message["headers"], *RAW_HEADERS]
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        size = len(scope["query_string"])
        if size > MOST_QUERY_BYTES:
            text = N_("the query has {size} bytes; expected at most {most}")
            refusal = refuse(Request(scope), 414, Sentence(text, {"size": size, "most": MOST_QUERY_BYTES}))
            await refusal(scope, receive, send_guarded)
            return
        try:
            await self.app(scope, receive, send_guarded)
        except Exception as error:
            log_bug(scope, error)
            if has_started:  # nothing else can be said on this connection: the server cuts it
                raise
            await bug_response(Request(scope))(scope, receive, send_guarded)


def bug_response(request: Request) -> Response:
    """Return 500: a sentence in JSON for programs, a page for people."""
    root = request.scope.get("root_path", "")
    if request.scope["path"].removeprefix(root).startswith("/api/"):
        return refuse(request, 500, Sentence(BUG))
    language = language_of(request)
    page = ERROR_PAGE.format(language=language, sentence=Sentence(BUG).render(translator(language)), root=root)
    return HTMLResponse(page, status_code=500, headers={"Cache-Control": "no-store"})
