"""The parent's side of a worker: process, standard-input pipe and socket."""

import asyncio
import os
import socket
import subprocess
import sys

from service.jobs.errors import WorkerLost
from service.jobs.executors.messages import HEADER

# One thread per worker, so that workers do not compete for cores.
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# Settings of the service contain secrets and are not inherited.
_INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ")
# The choice of BLAS and NumPy kernels decides about the last bits, so it is inherited.
_KERNELS = ("OPENBLAS_", "NPY_", "MKL_", "GLIBC_TUNABLES")


class WorkerProcess:
    """A running worker; it ends with this process, which holds its standard input open."""

    def __init__(self, memory_bytes: int, loads_kernels: bool = False) -> None:
        self._socket, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", "service.jobs.executors.worker"]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no word from outside
                [*command, str(theirs.fileno()), str(memory_bytes), str(int(loads_kernels))],
                stdin=subprocess.PIPE,
                pass_fds=[theirs.fileno()],
                env=_environment(),
            )
        self._socket.setblocking(False)

    @property
    def process_id(self) -> int:
        """The process identifier."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process has not ended yet."""
        return self._process.poll() is None

    async def exchange(self, request: bytes) -> bytearray:
        """Send a request and return its reply; raise `WorkerLost` if the worker ends first."""
        loop = asyncio.get_running_loop()
        try:
            await loop.sock_sendall(self._socket, HEADER.pack(len(request)))
            await loop.sock_sendall(self._socket, request)
            (length,) = HEADER.unpack(await self._receive(HEADER.size))
            return await self._receive(length)
        except OSError as error:
            raise WorkerLost(f"worker {self.process_id} ended during a call") from error

    async def _receive(self, length: int) -> bytearray:
        loop = asyncio.get_running_loop()
        received = bytearray(length)
        rest = memoryview(received)
        while rest:
            count = await loop.sock_recv_into(self._socket, rest)
            if count == 0:
                raise ConnectionResetError("end of file")
            rest = rest[count:]
        return received

    def kill(self) -> None:
        """Kill the process."""
        self._process.kill()

    def disconnect(self) -> None:
        """Close the socket; no exchange may be pending."""
        self._socket.close()

    def wait(self) -> None:
        """Wait for the end of the process."""
        self._process.communicate()


def _environment() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _INHERITED or name.startswith(_KERNELS)
    }
    # The worker must import the same modules, whatever its working directory.
    return {**kept, **_ONE_THREAD, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
