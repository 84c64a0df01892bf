"""What holds for every answer: the security headers, and a bound on the length of a query."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.schema.messages import N_, Sentence
from app.web.api import refuse

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


class Guard:
    """ASGI middleware; written by hand because Starlette's base class costs more than a whole trajectory."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *RAW_HEADERS]
            await send(message)

        size = len(scope["query_string"])
        if size > MOST_QUERY_BYTES:
            text = N_("the query has {size} bytes; expected at most {most}")
            refusal = refuse(Request(scope), 414, Sentence(text, {"size": size, "most": MOST_QUERY_BYTES}))
            await refusal(scope, receive, send_with_headers)
            return
        await self.app(scope, receive, send_with_headers)
