"""A Dask cluster on loopback: a scheduler and workers as processes of their own."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil
from postgresql_server import free_port

from service.jobs.executors.executor import Executor
from tests.patience import patience

# The driver decides what becomes of a call whose worker was lost; Dask need not try first.
CONFIGURATION = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s",
}


@dataclass(frozen=True)
class Certificate:
    """One that vouches for itself, for every part of the cluster."""

    certificate_file: str
    key_file: str

    @staticmethod
    def make(folder: Path) -> "Certificate":
        made = Certificate(str(folder / "certificate.pem"), str(folder / "key.pem"))
        place = ["-out", made.certificate_file, "-keyout", made.key_file]
        what = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=chainrule-test"]
        subprocess.run(["openssl", "req", "-x509", *what, *place], check=True, capture_output=True)
        return made

    def options(self) -> list[str]:
        files = ["--tls-ca-file", self.certificate_file, "--tls-cert", self.certificate_file]
        return [*files, "--tls-key", self.key_file]


class DaskCluster:
    """One scheduler that can be killed and started again, and any number of workers."""

    def __init__(self, folder: Path, certificate: Certificate | None = None) -> None:
        self.address = f"{'tls' if certificate else 'tcp'}://127.0.0.1:{free_port()}"
        self._tls = [] if certificate is None else certificate.options()
        self._folder = folder
        self._scheduler: subprocess.Popen[bytes] | None = None
        self._workers: list[subprocess.Popen[bytes]] = []

    def start_scheduler(self) -> None:
        self._scheduler = self._start(
            "distributed.cli.dask_scheduler", "--host", self.address, "--no-dashboard"
        )

    def start_worker(self) -> None:
        threads = ["--nthreads", "1", "--no-dashboard", "--death-timeout", "60"]
        place = ["--host", "127.0.0.1", "--local-directory", str(self._folder)]
        self._workers.append(
            self._start("distributed.cli.dask_worker", self.address, *threads, *place)
        )

    def kill_scheduler(self) -> None:
        _kill(self._scheduler)

    def kill_worker(self) -> None:
        """Kill one worker with its nanny, as a host does that goes down."""
        _kill(self._workers.pop(0))

    def close(self) -> None:
        for process in (*self._workers, self._scheduler):
            _kill(process)

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        log = (self._folder / "dask.log").open("ab")
        with log:
            return subprocess.Popen(
                [sys.executable, "-m", module, *arguments, *self._tls],
                env=os.environ | CONFIGURATION | {"PYTHONPATH": os.pathsep.join(sys.path)},
                stdout=log,
                stderr=log,
            )


def _kill(process: subprocess.Popen[bytes] | None) -> None:
    if process is None or process.poll() is not None:
        return
    family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    for member in family:
        try:
            member.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
    process.wait(patience(30))
    psutil.wait_procs(family, timeout=patience(10))


async def until_slots(engine: Executor, slots: int, seconds: float = 60.0) -> None:
    """Wait until the engine can take this many calls at once."""
    async with asyncio.timeout(patience(seconds)):
        while engine.slots < slots:
            await asyncio.sleep(0.05)
