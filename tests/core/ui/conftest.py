"""A server for the sample pages on loopback."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from tests.core.ui.host import CONTENT_SECURITY_POLICY, STATIC
from tests.core.ui.samples import SAMPLES, render

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


class SamplePages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        file = STATIC / path.removeprefix("/static/")
        if path.removeprefix("/") in SAMPLES:
            self._answer(200, "text/html; charset=utf-8", render(path.removeprefix("/")).encode())
        elif path.startswith("/static/") and file.is_file():
            self._answer(200, TYPES[file.suffix], file.read_bytes())
        elif path == "/progress":
            self._answer(200, "text/html; charset=utf-8", b'<p id="done">Done</p>')
        else:
            self._answer(404, "text/plain", b"")

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Keeps requests out of the test output."""


@pytest.fixture(scope="package")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), SamplePages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
