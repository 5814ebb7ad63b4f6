"""What does an agency's own system do with an inquiry? A server on loopback that can fail.

It keeps what it received by Idempotency-Key, as a real system must: a second delivery of a key
gets 409 and changes nothing.
"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeAgency:
    """A server with switches: `fail` n times, be `slow`, or `answer` at once."""

    def __init__(self):
        self.received = {}  # key -> body, once each
        self.requests = []  # every request: (key, headers)
        self.failures = []  # statuses to answer with before behaving
        self.slow_seconds = 0.0
        self.reply = None  # an answer that is given at once
        self.retry_after = ""
        self.lock = threading.Lock()
        self.server = None
        self.port = 0

    @property
    def url(self):
        """Return the base address."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self.up()
        return self

    def __exit__(self, *error):
        self.down()

    def up(self):
        """Start to listen, on the port it had before."""
        agency = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers.get("Content-Length", 0))
                agency.take(self, self.rfile.read(length))

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01},
                         daemon=True).start()  # fmt: skip

    def down(self):
        """Stop to listen: connections are refused from now on."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def take(self, handler, content):
        """Answer one request."""
        key = handler.headers.get("Idempotency-Key", "")
        with self.lock:
            self.requests.append((key, dict(handler.headers), content))
            status = self.failures.pop(0) if self.failures else 0
        time.sleep(self.slow_seconds)
        body = {}
        if not status:
            with self.lock:
                status = 409 if key in self.received else (200 if self.reply else 202)
                self.received.setdefault(key, json.loads(content))
            body = {"receipt": f"R-{key[-6:]}"}
            if self.reply and status == 200:
                body["reply"] = self.reply
        data = json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        if self.retry_after:
            handler.send_header("Retry-After", self.retry_after)
        handler.end_headers()
        handler.wfile.write(data)
