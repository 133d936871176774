"""Traces and metrics by OpenTelemetry, as FastAPI has them built in."""

from importlib.util import find_spec

from fastapi.telemetry import TelemetryConfig

SENDER = "opentelemetry.exporter"


class TelemetryNotInstalled(Exception):
    """Telemetry is wanted, and what would send it is not installed."""

    def __init__(self) -> None:
        super().__init__("CHAINRULE_TELEMETRY needs an extra: pip install 'chainrule[telemetry]'")


def telemetry(wanted: bool) -> TelemetryConfig:
    """What FastAPI is told; where to send it the standard's variables say (`OTEL_EXPORTER_OTLP_…`).

    No logs: theirs would have messages of exceptions, and ours are lines of JSON already. Raises
    `TelemetryNotInstalled` rather than send nothing and say nothing.
    """
    if wanted and find_spec(SENDER) is None:
        raise TelemetryNotInstalled
    return {"tracing": wanted, "metrics": wanted, "logs": False, "auto_configure": wanted}
