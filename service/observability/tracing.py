"""Traces and metrics by OpenTelemetry, as FastAPI has them built in."""

from importlib.util import find_spec

from fastapi.telemetry import TelemetryConfig

SENDER = "opentelemetry.exporter"


class TelemetryNotInstalled(Exception):
    """Telemetry is wanted, and what would send it is not installed."""

    def __init__(self) -> None:
        super().__init__("CHAINRULE_TELEMETRY needs an extra: pip install 'chainrule[telemetry]'")


def telemetry(wanted: bool) -> TelemetryConfig:
    """The telemetry settings of FastAPI.

    The destination comes from the standard variables (`OTEL_EXPORTER_OTLP_…`). Logs are not sent:
    they would contain messages of exceptions, and are written as JSON lines already. Raises
    `TelemetryNotInstalled` where the packages are missing.
    """
    if wanted and find_spec(SENDER) is None:
        raise TelemetryNotInstalled
    return {"tracing": wanted, "metrics": wanted, "logs": False, "auto_configure": wanted}
