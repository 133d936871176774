"""The processes of one service: which of them this is, and messages between them."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MAX_MESSAGE_BYTES = 64


@dataclass(frozen=True)
class ProcessGroup:
    """A process of several that listen on one port and share a private directory."""

    index: int
    directory: Path

    @property
    def runs_jobs(self) -> bool:
        """Whether this process has the workers; the others have none."""
        return self.index == 0

    @property
    def process_ids(self) -> list[int]:
        """The processes that are alive, by the metrics files that they write."""
        files = self.directory.glob("gauge_livesum_*.db")
        return sorted(int(file.stem.rpartition("_")[2]) for file in files)


class GroupMessages:
    """Datagrams to the other processes of a group: identifiers of jobs that have changed.

    A message may get lost; receivers poll the database as well.
    """

    def __init__(self, group: ProcessGroup) -> None:
        self._directory = group.directory
        self._own = group.directory / f"changes-{group.index}.sock"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._own.unlink(missing_ok=True)  # of a process that this one replaces
        self._socket.bind(str(self._own))

    def fileno(self) -> int:
        """The file descriptor to wait for."""
        return self._socket.fileno()

    def send(self, message: str) -> None:
        """Send to every other process; safe in threads."""
        for other in self._directory.glob("changes-*.sock"):
            if other != self._own:
                try:
                    self._socket.sendto(message.encode(), str(other))
                except OSError:  # it has ended, or its buffer is full
                    continue

    def receive(self, handle: Callable[[str], None]) -> None:
        """Call `handle` for every message that has arrived."""
        while True:
            try:
                handle(self._socket.recv(MAX_MESSAGE_BYTES).decode())
            except BlockingIOError:
                return

    def close(self) -> None:
        """Send and receive no more."""
        self._socket.close()
