"""The command `chainrule`: serve, print the contract, or change who may ask."""

import gc
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from types import FrameType

import orjson
import structlog
import uvicorn
from structlog.typing import Processor

from service.app import create_app
from service.auth.exposure_check import UnprotectedBind, require_protection
from service.auth.key_commands import keys
from service.observability.tracing import TelemetryNotInstalled
from service.server.connection_limits import ConnectionLimits
from service.server.protocol import bounded
from service.settings import Settings

GRACE_SECONDS = 3
"""How long requests in flight may take once the service is asked to stop."""
SWITCH_SECONDS = 0.001
"""The event loop has the interpreter back from two threads that compute within a millisecond or so;
by Python's default, 0.005, it takes fifteen."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code says whether there was one of that name."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if not given or given[0] not in COMMANDS:
        sys.stderr.write(f"usage: chainrule {{{','.join(COMMANDS)}}} [--help]\n")
        return 2
    COMMANDS[given[0]](given[1:])
    return 0


def serve(arguments: Sequence[str]) -> None:
    """Serve until a signal ends it; every setting is a flag as well."""
    settings = Settings(
        _cli_parse_args=list(arguments), _cli_prog_name="chainrule serve", _cli_kebab_case=True
    )
    _log_to_stderr()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        require_protection(settings)
        server = _Server(settings)
    except (UnprotectedBind, TelemetryNotInstalled) as error:
        sys.exit(str(error))
    server.run()
    # Threads that still compute have nobody left to answer to, and Python would wait for them.
    sys.stdout.flush()
    os._exit(0)


def openapi(arguments: Sequence[str]) -> None:
    """Print the OpenAPI document of the default settings."""
    document = create_app(Settings(_env_file=None)).openapi()
    sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")


COMMANDS: dict[str, Callable[[Sequence[str]], None]] = {
    "serve": serve,
    "openapi": openapi,
    "keys": keys,
}


class _Server(uvicorn.Server):
    """Uvicorn, which says where the docs are once it listens and drops readiness on a signal."""

    def __init__(self, settings: Settings) -> None:
        self._app = create_app(settings)
        super().__init__(
            uvicorn.Config(
                self._app,
                host=settings.host,
                port=settings.port,
                root_path=settings.root_path,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
                http=bounded(ConnectionLimits.of(settings)),
                ws="none",
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        # What is there now stays. To look through it for garbage would stop everybody for 50 ms.
        gc.collect()
        gc.freeze()
        for server in self.servers:
            for listener in server.sockets:
                _announce(*listener.getsockname()[:2])

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take no more work; a signal obeyed in order is no reason to die by it."""
        self._app.state.stopping = True
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def _announce(host: str, port: int) -> None:
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    sys.stdout.write(
        f"Chainrule listens on {address}\n"
        f"  the page      {address}/\n"
        f"  the API       {address}/docs\n"
        f"  the contract  {address}/openapi.json\n"
    )
    sys.stdout.flush()


def _log_to_stderr() -> None:
    """One line an event: for people on a terminal, JSON elsewhere."""
    person = sys.stderr.isatty()
    lines = _for_people() if person else _for_machines()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            *lines,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
        if person
        else structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    # Whatever comes down a socket is no reason to write lines.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)


def _for_people() -> list[Processor]:
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]


def _for_machines() -> list[Processor]:
    # A line for each request: it should not take longer to write than a small answer.
    return [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(serializer=orjson.dumps),
    ]
