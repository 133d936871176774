"""A PostgreSQL of the tests' own, on loopback, as an unprivileged user, gone with the tests."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.patience import patience


def binary(name: str) -> str | None:
    """Debian keeps all but psql out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else None)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


class Server:
    """PostgreSQL on data of its own, started and stopped by the test."""

    def __init__(self, folder: str) -> None:
        self.port = free_port()
        self.url = f"postgresql+psycopg://chainrule@127.0.0.1:{self.port}"
        self._folder = folder
        self._user = unprivileged_user()
        if self._user is not None:
            shutil.chown(folder, self._user)
        initialize = ["--auth=trust", "--username=chainrule", "--no-sync", "--encoding=UTF8"]
        subprocess.run(
            [binary("initdb"), "--pgdata", f"{folder}/data", *initialize],
            user=self._user,
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )

    def start(self) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "off",  # the operating system does not crash in these tests
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [binary("postgres"), "-D", f"{self._folder}/data", *flags],
            user=self._user,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
        )
        wait_until_it_answers(self.port, self._process)

    def stop(self) -> None:
        """At once, as in a crash."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(patience(30))


@contextmanager
def new_server() -> Iterator[Server]:
    """A server, started; nothing of it is kept."""
    with tempfile.TemporaryDirectory(prefix="chainrule-postgresql-") as folder:
        server = Server(folder)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextmanager
def running_server() -> Iterator[str]:
    """Yields the URL of a server, up to the name of a database."""
    with new_server() as server:
        yield server.url


def wait_until_it_answers(port: int, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + patience(30)
    while True:
        try:
            psycopg.connect(
                host="127.0.0.1", port=port, user="chainrule", dbname="postgres"
            ).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline or server.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return
