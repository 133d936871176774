"""The servers that are measured, each a process of its own on a free port of the loopback."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

Started = tuple[str, subprocess.Popen[str]]
"""The address, and the process."""


@contextmanager
def _started(command: list[str], **environment: str) -> Iterator[Started]:
    """Run a command that first prints its address; its log goes to a file, as in earnest."""
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(  # noqa: S603 - our own commands
            command, env=os.environ | environment, text=True, stdout=subprocess.PIPE, stderr=log
        ) as process,
    ):
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield line.split()[-1], process
        finally:
            process.terminate()


def chainrule(folder: str, **environment: str) -> AbstractContextManager[Started]:
    """The service with its default settings but for these, and a fresh database in `folder`."""
    command = str(Path(sys.executable).with_name("chainrule"))
    url = f"sqlite:///{folder}/chainrule.db"
    settings = {"CHAINRULE_PORT": "0", "CHAINRULE_DATABASE_URL": url} | environment
    return _started([command, "serve"], **settings)


def plain_fastapi(*, access_log: bool) -> AbstractContextManager[Started]:
    """FastAPI as its tutorial writes it; uvicorn writes a line for each request by default."""
    command = [sys.executable, "-m", "benchmarks.peers.plain_fastapi"]
    return _started(command if access_log else [*command, "--no-access-log"])
