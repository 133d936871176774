"""A server as an operator starts it: the installed command, in a process of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.patience import patience

COMMAND = Path(sys.executable).with_name("chainrule")
PATIENCE_SECONDS = 30.0


@dataclass
class Served:
    """A running server, where it listens, and how long it took to say so."""

    process: subprocess.Popen
    address: str
    seconds_to_announce: float

    def stop(self) -> tuple[int, float]:
        """Ask it to end, as an orchestrator does: its exit code, and how long that took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(patience(PATIENCE_SECONDS))
        return code, time.monotonic() - begin


@contextmanager
def served(folder: Path, **settings) -> Iterator[Served]:
    """Start the command on a free port; it is killed at the end if it still runs."""
    given = {"port": 0, "database_url": f"sqlite:///{folder}/chainrule.db", "workers": 1} | settings
    environment = os.environ | {f"CHAINRULE_{k.upper()}": str(v) for k, v in given.items()}
    begin = time.monotonic()
    with (
        (folder / "stderr").open("w") as errors,
        subprocess.Popen(
            [COMMAND, "serve"], env=environment, text=True, stdout=subprocess.PIPE, stderr=errors
        ) as process,
    ):
        try:
            line = process.stdout.readline()
            announced = re.fullmatch(r"Chainrule listens on (http://127\.0\.0\.1:\d+)\n", line)
            assert announced, (folder / "stderr").read_text()
            yield Served(process, announced[1], time.monotonic() - begin)
        finally:
            process.kill()
