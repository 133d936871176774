"""A collector elsewhere gets a span per request, with the route and without the body."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from service.observability import tracing
from tests.acceptance.server import running
from tests.service.questions import RIGHT

SECRET = "chainrule_00_secret"  # noqa: S105


@contextmanager
def collector():
    """An OTLP collector that keeps what it gets, by path."""
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", got
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def asked(folder, wanted, url):
    settings = {
        "CHAINRULE_TELEMETRY": wanted,
        "OTEL_EXPORTER_OTLP_ENDPOINT": url,
        "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
    }
    with running(folder, **settings) as address:
        headers = {"Authorization": f"Bearer {SECRET}"}
        httpx.post(f"{address}/approximate", json=RIGHT["/approximate"], headers=headers)


def spans(got):
    for path, body in got:
        if path == "/v1/traces":
            request = ExportTraceServiceRequest.FromString(body)
            for resource in request.resource_spans:
                for scope in resource.scope_spans:
                    yield from scope.spans


def test_a_request_is_a_span_without_its_body_and_its_key(tmp_path):
    with collector() as (url, got):
        asked(tmp_path, "true", url)
    found = [span for span in spans(got) if span.name == "POST /approximate"]
    assert len(found) == 1
    attributes = {pair.key: pair.value for pair in found[0].attributes}
    assert attributes["http.route"].string_value == "/approximate"
    assert attributes["http.response.status_code"].int_value == 200
    assert any(path == "/v1/metrics" for path, _ in got)
    assert not any(path == "/v1/logs" for path, _ in got)
    sent = b"".join(body for _, body in got)
    assert b"sin(x)" not in sent
    assert SECRET.encode() not in sent


def test_nothing_is_sent_unless_it_is_wanted(tmp_path):
    with collector() as (url, got):
        asked(tmp_path, "false", url)
    assert got == []


def test_without_what_sends_it_telemetry_is_refused_and_not_forgotten(monkeypatch):
    monkeypatch.setattr(tracing, "SENDER", "a_module_that_is_not_there")
    assert tracing.telemetry(wanted=False)["tracing"] is False
    with pytest.raises(tracing.TelemetryNotInstalled, match=r"chainrule\[telemetry\]"):
        tracing.telemetry(wanted=True)
