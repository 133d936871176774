"""Traces and metrics by OpenTelemetry, as FastAPI has them built in."""

from fastapi.telemetry import TelemetryConfig


def telemetry(wanted: bool) -> TelemetryConfig:
    """What FastAPI is told; where to send it the standard's variables say (`OTEL_EXPORTER_OTLP_…`).

    No logs: theirs would have messages of exceptions, and ours are lines of JSON already.
    """
    return {"tracing": wanted, "metrics": wanted, "logs": False, "auto_configure": wanted}
