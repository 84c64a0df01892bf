"""What HTTP asks of every answer: tags, encodings, languages, methods, and redirects that stay at home."""

import gzip
import threading

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from app.labs import LABS
from app.main import create_app
from app.runtime import fingerprint
from app.settings import Settings
from app.web import headers, pages, static
from app.web.headers import preferences, takes_gzip
from app.web.languages import negotiated

SURFACE = "/api/surface?n=20"


def request(**given: str) -> Request:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()]
    return Request({"type": "http", "headers": pairs})


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", False),
        ("gzip", True),
        ("GZIP", True),
        ("deflate, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, identity", False),
        ("*", True),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("br, identity", False),
        ("gzip;q=nonsense", False),
        ("notgzip", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(accepted, expected):
    assert takes_gzip(request(accept_encoding=accepted)) is expected


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-Hans-CN", "zh"),
        ("en;q=0.3, de;q=0.7", "de"),
        ("fr, de;q=0", "en"),
        ("de;q=0.5, en", "en"),
        ("*", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_the_one_that_is_preferred_among_ours(accepted, expected):
    assert negotiated(accepted, ("en", "de", "zh")) == expected


def test_preferences_come_best_first_and_equal_ones_as_they_stand():
    assert preferences("a;q=0.5, b, c;q=0.7, d") == [("b", 1.0), ("d", 1.0), ("c", 0.7), ("a", 0.5)]


def test_compressed_and_plain_answers_have_tags_of_their_own(client):
    plain, small = (client.get(SURFACE, headers={"accept-encoding": each}) for each in ("identity", "gzip"))
    assert plain.headers["etag"] != small.headers["etag"]
    refused = client.get(SURFACE, headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers
    assert refused.headers["etag"] == plain.headers["etag"]


@pytest.mark.parametrize("form", ["{tag}", "W/{tag}", '"other", {tag}', 'W/"other",W/{tag}', "*"])
def test_who_holds_the_answer_is_told_so(client, form):
    tag = client.get(SURFACE).headers["etag"]
    answer = client.get(SURFACE, headers={"if-none-match": form.format(tag=tag)})
    assert (answer.status_code, answer.content) == (304, b"")
    assert client.get(SURFACE, headers={"if-none-match": '"other"'}).status_code == 200


def test_other_numerics_answer_with_another_tag(client, monkeypatch):
    # The version stayed, the numbers did not: browsers showed the old ones.
    before = client.get(SURFACE).headers["etag"]
    monkeypatch.setattr(headers, "sources_fingerprint", lambda: "other sources")
    assert client.get(SURFACE, headers={"if-none-match": before}).status_code == 200


def test_the_fingerprint_changes_with_any_source(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text("1")
    monkeypatch.setattr(fingerprint, "APP", tmp_path)
    before = fingerprint.sources_fingerprint.__wrapped__()
    assert fingerprint.sources_fingerprint.__wrapped__() == before
    (tmp_path / "a.py").write_text("2")
    changed = fingerprint.sources_fingerprint.__wrapped__()
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert len({before, changed, fingerprint.sources_fingerprint.__wrapped__()}) == 3


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/descent", "/api/descent?steps=3", SURFACE, "/api/map", "/healthz", "/openapi.json"]
)
def test_head_has_the_status_and_the_headers_of_get(client, path):
    answer = client.head(path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_head_works_for_static_files(client):
    path = "/static/0/css/base.css"
    head, got = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    assert head.headers["etag"] == got.headers["etag"]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/api/descent", "GET, HEAD"), ("/api/scaling", "GET, HEAD, POST"), ("/docs", "GET, HEAD")],
)
def test_a_wrong_method_is_told_the_right_ones(client, path, allowed):
    answer = client.delete(path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("slug", [lab.slug for lab in LABS])
def test_a_slash_too_many_is_taken_away_without_trusting_the_host(client, slug):
    answer = client.get(f"/{slug}/?steps=5", headers={"host": "evil.example"}, follow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["location"] == f"/{slug}?steps=5"


def test_a_static_file_is_compressed_once_whatever_version_is_asked_for(client, monkeypatch):
    compressed = []

    def compress(body: bytes, **options) -> bytes:
        compressed.append(len(body))
        return gzip.compress(body, **options)

    monkeypatch.setattr(static, "compress", compress)
    client = TestClient(create_app(Settings(compilation_cache="off")))
    answers = [client.get(f"/static/{version}/css/base.css") for version in ("0", "1", "2")]
    assert len(compressed) == 1
    assert {answer.headers["cache-control"] for answer in answers} == {"no-cache"}
    again = client.get("/static/3/css/base.css", headers={"if-none-match": answers[0].headers["etag"]})
    assert again.status_code == 304


def test_pages_are_rendered_away_from_the_event_loop(client, monkeypatch):
    rendered = []

    def render(*arguments, **context):
        rendered.append(threading.current_thread().name)
        return original(*arguments, **context)

    original = pages._render
    monkeypatch.setattr(pages, "_render", render)
    for path in ("/", "/docs", "/descent"):
        assert client.get(path).status_code == 200
    assert all("AnyIO worker" in name for name in rendered)
    assert len(rendered) == 3
