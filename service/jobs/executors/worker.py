"""Worker process: reads calls from a socket, runs them and writes the replies.

It is stateless and imports little, so that a replacement starts quickly.
"""

import os
import pickle
import resource
import signal
import socket
import sys
import threading
from contextlib import suppress
from importlib import import_module
from io import BufferedRWPair

from service.jobs.executors.messages import HEADER, encode_reply, failed

_STANDARD_INPUT = 0


_NICENESS = 10
"""Requests are served before training computes."""


def main(descriptor: int, memory_bytes: int, loads_kernels: int) -> None:
    """Serve calls from the socket of this file descriptor until the other end closes it.

    A call that needs more than `memory_bytes` raises `MemoryError`. With `loads_kernels` the
    compiled kernels are loaded before the first call, which takes 0.4 s of processor time.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core dump would contain user data
    os.nice(_NICENESS)
    # A signal to the process group is handled by the service, which ends the steps in order.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    if loads_kernels:
        _load_kernels()
    with socket.socket(fileno=descriptor) as connection, connection.makefile("rwb") as stream:
        while request := _receive(stream):
            reply = _answer(request)
            stream.write(HEADER.pack(len(reply)))
            stream.write(reply)
            stream.flush()


def _load_kernels() -> None:
    # A training that needs them raises the error again.
    with suppress(Exception):
        import_module("service.jobs.training.task")
        import_module("core.training.compiled.machine_code").preload()


def _die_with_parent() -> None:
    # The pipe carries no data; it is closed when the parent process ends.
    while os.read(_STANDARD_INPUT, 1):
        pass
    os._exit(1)


def _receive(stream: BufferedRWPair) -> bytes:
    header = stream.read(HEADER.size)
    return stream.read(HEADER.unpack(header)[0]) if len(header) == HEADER.size else b""


def _answer(request: bytes) -> bytes:
    try:
        function, arguments = pickle.loads(request)  # noqa: S301 - written by our own service
    except Exception as error:
        return failed(error)
    return encode_reply(function, *arguments)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
