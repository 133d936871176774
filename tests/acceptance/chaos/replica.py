"""One `chainrule serve`, to be killed and started again on the same port and database."""

import os
import signal
import subprocess
import time
from pathlib import Path

import psutil

from tests.acceptance.server import CHAINRULE, free_port
from tests.patience import patience


class Replica:
    """One of the service's processes, with the workers that it started."""

    def __init__(self, folder: Path, database_url: str, workers: int) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._log = folder / f"service-{self.port}.log"
        self._environment = os.environ | {
            "CHAINRULE_PORT": str(self.port),
            "CHAINRULE_DATABASE_URL": database_url,
            "CHAINRULE_WORKERS": str(workers),
            "CHAINRULE_MAX_QUEUED_JOBS": "40",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [CHAINRULE, "serve"], env=self._environment, stdout=log, stderr=log
            )

    def workers(self) -> list[int]:
        """The process identifiers of its workers."""
        if self._process is None or self._process.poll() is not None:
            return []
        try:
            return [child.pid for child in psutil.Process(self._process.pid).children()]
        except psutil.NoSuchProcess:
            return []

    def kill(self) -> None:
        """As a power cut does: its workers notice by themselves."""
        self._end(signal.SIGKILL)

    def terminate(self) -> float:
        """As an orchestrator does; gives the seconds until the process was gone."""
        return self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> float:
        if self._process is None:
            return 0.0
        begin = time.monotonic()
        self._process.send_signal(number)
        self._process.wait(patience(30))
        return time.monotonic() - begin
