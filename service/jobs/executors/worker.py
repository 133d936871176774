"""A worker: takes a function and its arguments from a socket, gives back the result, and again.

It holds nothing that could be lost with it, and imports little, so that a new one is there at once.
"""

import os
import pickle
import resource
import signal
import socket
import sys
import threading
from io import BufferedRWPair

from service.jobs.executors.messages import HEADER, encode_reply, failed

_STANDARD_INPUT = 0


_NICENESS = 10
"""Whoever only wants to know how a job is doing goes first."""


def main(descriptor: int, memory_bytes: int) -> None:
    """Serve the socket with this file descriptor until its other end is closed.

    What would take more than `memory_bytes` of memory is a `MemoryError` of the function called.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would have somebody's data in it
    os.nice(_NICENESS)
    # Whoever stops the service by a signal to the whole group leaves it to end our steps in order.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    with socket.socket(fileno=descriptor) as connection, connection.makefile("rwb") as stream:
        while request := _receive(stream):
            reply = _answer(request)
            stream.write(HEADER.pack(len(reply)))
            stream.write(reply)
            stream.flush()


def _die_with_parent() -> None:
    # Nobody writes to the pipe: it only ever ends, and that with the process which holds it.
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
