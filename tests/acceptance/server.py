"""A real service on a real socket, started and stopped as an operator does."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.patience import patience

CHAINRULE = shutil.which("chainrule", path=str(Path(sys.executable).parent)) or "chainrule"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A service that was started, and may not be ready."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + patience(30)
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                with urlopen(f"{self.address}/health/ready", timeout=patience(1)) as answer:
                    if answer.status == 200:
                        return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        raise AssertionError(f"not ready: {self.log.read_text()}")


@contextmanager
def started(folder: Path, **settings: str) -> Iterator[Server]:
    """A service whose database and log are in `folder`; it gets SIGTERM at the end."""
    port = free_port()
    environment = os.environ | {
        "CHAINRULE_PORT": str(port),
        "CHAINRULE_DATABASE_URL": f"sqlite:///{folder / 'chainrule.db'}",
        **settings,
    }
    log = folder / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [CHAINRULE, "serve"], env=environment, stdout=output, stderr=output
        )
        try:
            yield Server(f"http://127.0.0.1:{port}", process, log)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=patience(20))


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[str]:
    """The address of such a service once it is ready."""
    with started(folder, **settings) as server:
        server.wait_until_ready()
        yield server.address
