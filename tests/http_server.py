"""A small web server on this machine whose answers a test can spoil one by one."""

import threading
from collections import deque
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Serve `files` (path: bytes) with ranges and ETags.

    Each request takes one dict from `faults`, if there is one:
    status, headers (more or other ones), ranges (False: not honoured), if_range (False: not
    looked at), cut (bytes of the body after which the connection is closed), stall (bytes after
    which nothing follows until the test ends), chunked (True: no length is given).
    `requests` collects (path, headers, bytes sent).
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.etags: dict[str, str | None] = {}
        self.faults: deque[dict] = deque()
        self.requests: list[tuple[str, dict, int]] = []
        self.ending = threading.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def handle_error(self, request, client_address):
        """Say nothing of clients that leave early: tests kill some."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        fault = self.server.faults.popleft() if self.server.faults else {}
        body = self.server.files.get(self.path)
        status = fault.get("status", 200 if body is not None else 404)
        etag = self.server.etags.get(self.path, '"one"')
        headers = {"ETag": etag} if etag and status < 300 else {}
        headers["Content-Type"] = "application/octet-stream"
        body = body if body is not None and status < 300 else b"no such thing"
        start = self._start(fault, etag) if status == 200 else 0
        if start >= len(body):
            status, body, start = 416, b"", 0
        elif start:
            status = 206
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self._answer(status, headers | fault.get("headers", {}), body[start:], fault)

    def _start(self, fault, etag):
        wanted = self.headers.get("Range")
        known = self.headers.get("If-Range", etag) == etag or not fault.get("if_range", True)
        if wanted is None or not known or not fault.get("ranges", True):
            return 0
        return int(wanted.removeprefix("bytes=").removesuffix("-"))

    def _answer(self, status, headers, body, fault):
        sent = body[: fault.get("cut", fault.get("stall", len(body)))]
        self.server.requests.append((self.path, dict(self.headers), len(sent)))
        chunked = fault.get("chunked", False)
        length = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": len(body)}
        self.send_response(status)
        for key, value in (length | headers).items():
            self.send_header(key, str(value))
        self.end_headers()
        self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(sent), sent) if chunked else sent)
        if "stall" in fault:
            self.server.ending.wait()
        self.close_connection = "cut" in fault or "stall" in fault


@contextmanager
def serving():
    """Give a running `Server`."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.ending.set()
        server.shutdown()
        server.server_close()
        thread.join()
