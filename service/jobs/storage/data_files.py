"""Data of running jobs as files that workers map into memory; copies of the rows."""

import errno
import os
import shutil
import tempfile
from pathlib import Path

from sqlalchemy import func, select

from service.jobs.errors import JobNotFound
from service.jobs.storage.database import Database
from service.jobs.storage.schema import data

ROOM_BYTES = 8 * 2**20
RESERVE_BYTES = 2**20
"""Kept in a file beside an SQLite database for the writes that free space on a full disk."""


class DataFiles:
    """Files in `directory`; by default next to an SQLite database, else somewhere temporary."""

    def __init__(self, database: Database, directory: Path | None = None) -> None:
        self._database = database
        self._temporary = None
        if directory is None and database.path is not None:
            directory = database.path.with_name(f"{database.path.name}-data")
        if directory is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="chainrule-")
            directory = Path(self._temporary.name)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory = directory
        self._reserve = directory / "reserve"

    @property
    def directory(self) -> Path:
        """The directory of the files."""
        return self._directory

    def ensure(self, job_id: str) -> Path:
        """The path of the job's data, written first unless the file is complete.

        Raises `JobNotFound` if the job was deleted.
        """
        path = self._directory / f"{job_id}.npy"
        with self._database.read() as connection:
            length = select(func.length(data.c.content)).where(data.c.job_id == job_id)
            expected = connection.execute(length).scalar_one_or_none()
            if expected is None:
                raise JobNotFound(job_id)
            if path.exists() and path.stat().st_size == expected:
                return path
            content = select(data.c.content).where(data.c.job_id == job_id)
            _write_whole(path, connection.execute(content).scalar_one())
        return path

    def discard(self, job_id: str) -> None:
        """Remove the job's file; a worker that has it mapped keeps it until it is done."""
        (self._directory / f"{job_id}.npy").unlink(missing_ok=True)

    def require_room(self) -> None:
        """Raise `OSError` when the disk is nearly full, before larger writes fail."""
        if shutil.disk_usage(self._directory).free < ROOM_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._fill_reserve()

    def release_reserve(self) -> bool:
        """Give the reserve back to a full disk, so that jobs can be cancelled and deleted.

        Returns whether there was one.
        """
        try:
            self._reserve.unlink()
        except OSError:
            return False
        return True

    def _fill_reserve(self) -> None:
        if self._temporary is None and not self._reserve.exists():
            _write_whole(self._reserve, bytes(RESERVE_BYTES))

    def close(self) -> None:
        """Remove the temporary directory, if there is one."""
        if self._temporary is not None:
            self._temporary.cleanup()


def _write_whole(path: Path, content: bytes) -> None:
    """Write to a temporary file, sync, and rename: the file is complete or absent."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.stem, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)
