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
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

CHAINRULE = shutil.which("chainrule", path=str(Path(sys.executable).parent)) or "chainrule"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[str]:
    """The address of a service whose database is in `folder`; it gets SIGTERM at the end."""
    port = free_port()
    environment = os.environ | {
        "CHAINRULE_PORT": str(port),
        "CHAINRULE_DATABASE_URL": f"sqlite:///{folder / 'chainrule.db'}",
        **settings,
    }
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen([CHAINRULE, "serve"], env=environment, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(process, address, folder / "server.log")
            yield address
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


def _wait_until_ready(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            with urlopen(f"{address}/health/ready", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise AssertionError(f"not ready after 30 s: {log.read_text()}")
