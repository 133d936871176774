"""The parent of several serving processes: starts, replaces and stops them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

import structlog

STOP_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
RESTART_SIGNAL = signal.SIGUSR1
SIGNALS = STOP_SIGNALS | {RESTART_SIGNAL, signal.SIGCHLD}
READY_SECONDS = 60.0
STOP_SECONDS = 10.0
"""After that a process is killed; it stops within 5 s when the machine is not overloaded."""
POLL_SECONDS = 0.2
PAUSE_SECONDS = 1.0
"""Between the starts of a process that ends again and again."""

log = structlog.get_logger()


class StartFailed(Exception):
    """A process ended, or did not get ready, at the first start; it has logged the reason."""

    def __init__(self, code: int) -> None:
        super().__init__(f"a process ended with exit code {code} before it was ready")
        self.code = code


class ServingProcess:
    """A child process; it ends with the supervisor, which holds the other end of its lifeline."""

    def __init__(
        self,
        index: int,
        sockets: Sequence[socket.socket],
        directory: Path,
        arguments: Sequence[str],
        lifeline: int,
    ) -> None:
        self._ready, ready = os.pipe()
        os.set_blocking(self._ready, False)
        descriptors = [listener.fileno() for listener in sockets]
        numbers = [index, ready, lifeline, *descriptors]
        self.started = monotonic()
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [
                *(sys.executable, "-P", "-m", "service.commands.process"),
                *(str(directory), ",".join(map(str, numbers))),
                *arguments,
            ],
            pass_fds=[ready, lifeline, *descriptors],
            env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(directory)},
        )
        os.close(ready)
        self.is_ready = False

    @property
    def pid(self) -> int:
        """The process identifier."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """The exit code, None while the process runs."""
        return self._process.poll()

    def check_ready(self) -> bool:
        """Whether the process listens."""
        if not self.is_ready:
            try:
                self.is_ready = bool(os.read(self._ready, 1))
            except BlockingIOError:
                return False
        return self.is_ready

    def stop(self) -> None:
        """Ask the process to stop in order."""
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Stop the process hard."""
        self._process.kill()

    def forget(self, directory: Path) -> None:
        """Release what belonged to the ended process; its counters stay in the metrics."""
        self._process.wait()
        os.close(self._ready)
        for file in directory.glob(f"gauge_live*_{self.pid}.db"):
            file.unlink(missing_ok=True)


class Supervisor:
    """Keeps one process for each list of sockets.

    SIGTERM, SIGINT and SIGHUP stop them all in order. SIGUSR1 replaces them one at a time: the new
    process listens before the old one stops, and no connection is refused or lost.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        listeners: Sequence[Sequence[socket.socket]],
        on_ready: Callable[[], None],
    ) -> None:
        self._arguments = arguments
        self._listeners = listeners
        self._on_ready = on_ready
        self._directory = Path(tempfile.mkdtemp(prefix="chainrule-"))
        self._lifeline, self._held = os.pipe()
        self._processes: list[ServingProcess] = []
        self._stopping = False
        self._restart = False

    def run(self) -> int:
        """Run until a signal; return the exit code."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        try:
            self._processes = [self._start(index) for index in range(len(self._listeners))]
            for process in self._processes:
                self._wait_until_ready(process)
            if not self._stopping:
                self._on_ready()
            while not self._stopping:
                self._wait()
                self._replace_ended()
                if self._restart:
                    self._restart_all()
        except StartFailed as error:
            return error.code
        finally:
            self._stop(self._processes)
            shutil.rmtree(self._directory, ignore_errors=True)
        return 0

    def _start(self, index: int) -> ServingProcess:
        return ServingProcess(
            index, self._listeners[index], self._directory, self._arguments, self._lifeline
        )

    def _wait(self) -> None:
        """Wait for a signal, for a short time."""
        received = signal.sigtimedwait(SIGNALS, POLL_SECONDS)
        if received is not None:
            self._stopping = self._stopping or received.si_signo in STOP_SIGNALS
            self._restart = self._restart or received.si_signo == RESTART_SIGNAL

    def _wait_until_ready(self, process: ServingProcess) -> None:
        """Raise `StartFailed` when the process ends first or takes too long."""
        deadline = monotonic() + READY_SECONDS
        while not (self._stopping or process.check_ready()):
            code = process.exit_code
            if code is not None or monotonic() > deadline:
                raise StartFailed(code or 1)
            self._wait()

    def _replace_ended(self) -> None:
        for index, process in enumerate(self._processes):
            code = process.exit_code
            if code is None or self._stopping:
                continue
            if monotonic() - process.started >= PAUSE_SECONDS:
                log.error("process ended and is replaced", process=process.pid, exit_code=code)
                process.forget(self._directory)
                self._processes[index] = self._start(index)

    def _restart_all(self) -> None:
        self._restart = False
        for index, old in enumerate(self._processes):
            new = self._start(index)
            try:
                self._wait_until_ready(new)
            except StartFailed as error:
                log.error("restart given up", reason=str(error))
                self._stop([new])
                return
            self._processes[index] = new
            self._stop([old])
            log.info("process replaced", old=old.pid, new=new.pid)

    def _stop(self, processes: Sequence[ServingProcess]) -> None:
        running = [process for process in processes if process.exit_code is None]
        for process in running:
            process.stop()
        deadline = monotonic() + STOP_SECONDS
        while any(process.exit_code is None for process in running) and monotonic() < deadline:
            self._wait()
        for process in processes:
            if process.exit_code is None:
                log.error("process did not stop and is killed", process=process.pid)
                process.kill()
            process.forget(self._directory)
