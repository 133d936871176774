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


@contextmanager
def running_server() -> Iterator[str]:
    """Yields the URL of the server, up to the name of a database."""
    user = unprivileged_user()
    with tempfile.TemporaryDirectory(prefix="chainrule-postgresql-") as folder:
        if user is not None:
            shutil.chown(folder, user)
        initialize = ["--auth=trust", "--username=chainrule", "--no-sync", "--encoding=UTF8"]
        subprocess.run(
            [binary("initdb"), "--pgdata", f"{folder}/data", *initialize],
            user=user,
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )
        port = free_port()
        options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": ""}
        # The operating system does not crash in these tests.
        options["fsync"] = "off"
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            [binary("postgres"), "-D", f"{folder}/data", *flags],
            user=user,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )
        try:
            wait_until_it_answers(port, server)
            yield f"postgresql+psycopg://chainrule@127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGQUIT)  # nothing of it is kept
            server.wait(30)


def wait_until_it_answers(port: int, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 30
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
