"""One process that serves HTTP: uvicorn with the limits of the settings."""

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from types import FrameType

import uvicorn

from service.app import create_app
from service.process_group import ProcessGroup
from service.server.connection_limits import ConnectionLimits
from service.server.protocol import bounded
from service.settings import Settings

GRACE_SECONDS = 3
"""How long requests in progress may take once the service is asked to stop."""
ANSWER_SECONDS = GRACE_SECONDS - 1.0
"""How long computations may take then, so that what is late is refused with a problem document."""
SWITCH_SECONDS = 0.001
"""Python's switch interval: beside two computing threads the event loop waits 1 ms for the
interpreter; with the default of 0.005 it waits 15 ms."""


def serve_until_stopped(
    settings: Settings,
    sockets: Sequence[socket.socket],
    on_ready: Callable[[], None],
    group: ProcessGroup | None = None,
    lifeline: int | None = None,
) -> None:
    """Serve until a signal, or until the other end of the pipe `lifeline` is closed.

    Ends the process; raises what `create_app` raises.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    server = _Server(settings, on_ready, group, lifeline)
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as nohup sets it
        signal.signal(signal.SIGHUP, server.handle_exit)
    server.run(list(sockets))
    # Threads that still compute have no request left, and Python would wait for them.
    sys.stdout.flush()
    os._exit(0)


class _Server(uvicorn.Server):
    """Uvicorn that reports when it listens and answers waiting requests on a signal."""

    def __init__(
        self,
        settings: Settings,
        on_ready: Callable[[], None],
        group: ProcessGroup | None,
        lifeline: int | None,
    ) -> None:
        self._app = create_app(settings, group)
        self._on_ready = on_ready
        self._lifeline = lifeline
        self._protocol = bounded(ConnectionLimits.of(settings))
        super().__init__(
            uvicorn.Config(
                self._app,
                root_path=settings.root_path,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
                http=self._protocol,
                ws="none",
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then report it."""
        await super().startup(sockets)
        if self._lifeline is not None:
            asyncio.get_running_loop().add_reader(self._lifeline, self._on_lifeline, self._lifeline)
        # What exists now stays: a collection of it would stop the event loop for 50 ms.
        gc.collect()
        gc.freeze()
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer requests that wait for a job, then stop."""
        self._app.state.job_system.release_waits()
        self._app.state.computation.finish_within(ANSWER_SECONDS)
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take no more work; a signal that led to an orderly stop is not raised again."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self._app.state.stopping = True
        self._protocol.announce_stop(list(self.server_state.connections))
        self.should_exit = True

    def _on_lifeline(self, descriptor: int) -> None:
        """The supervisor has ended: stop in order."""
        asyncio.get_running_loop().remove_reader(descriptor)
        self.handle_exit(signal.SIGTERM, None)
