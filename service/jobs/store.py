"""What clients ask of the record: accept, find, list, cancel, forget, and read what was trained."""

import io
import time
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import TypeVar

import numpy as np
from sqlalchemy import Connection, Select, delete, select, update

from core.arrays import Array
from service.jobs import acceptance, listing, progress, rows
from service.jobs.acceptance import Submission
from service.jobs.data_files import DataFiles
from service.jobs.database import Database
from service.jobs.errors import IllegalMove, JobNotFound
from service.jobs.job import Job, JobState
from service.jobs.listing import Page
from service.jobs.migrate import migrate
from service.jobs.notices import Notices
from service.jobs.schema import data, events, history, jobs, queue
from service.jobs.step import Chunk

Found = TypeVar("Found")


class Store:
    """The record in the database at `url`, brought to the newest schema.

    Every call is a transaction, safe in threads and beside other processes. `clock` gives the
    seconds since 1970 in UTC. `data_directory` is for the files that workers map into memory: next
    to an SQLite database, otherwise somewhere temporary, unless given.
    """

    def __init__(
        self,
        url: str,
        *,
        queue_limit: int = 100,
        data_directory: Path | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.database = Database(url)
        try:
            migrate(self.database)
        except BaseException:  # nobody else could close what it has opened
            self.database.close()
            raise
        self.files = DataFiles(self.database, data_directory)
        self.notices = Notices()
        self.clock = clock
        self._queue_limit = queue_limit
        self._caller: str | None = None

    def seen_by(self, caller: str) -> "Store":
        """The same record as this caller may see it: jobs of others are not there."""
        seen = copy(self)
        seen._caller = caller
        return seen

    def accept(self, submission: Submission) -> Job:
        """Queue a job; raise `QueueFull` or `IdempotencyMismatch`, as `acceptance.accept` says.

        Raises `OSError` on a disk that is all but full: what is left of it is for jobs at work.
        """
        self.files.require_room()
        with self.database.write() as connection:
            job = acceptance.accept(
                connection, submission, self.clock(), self._queue_limit, self._caller or ""
            )
        self.notices.publish(job.id)
        return job

    def cancel(self, job_id: str) -> Job:
        """Cancel a queued job at once, and ask the driver of a running one to stop.

        Asking again while it stops is fine. Raises `JobNotFound`, and `IllegalMove` once the job
        is finished.
        """
        this = rows.this(job_id, self._caller)
        with self.database.write() as connection:
            rows.lock(connection, this)
            job = self._find(connection, job_id)
            if job.finished:
                raise IllegalMove(job.state, JobState.CANCELLED)
            if job.state == JobState.QUEUED:
                rows.change(connection, this, state=JobState.CANCELLED, finished_at=self.clock())
            elif job.state == JobState.RUNNING:
                rows.change(connection, this, state=JobState.CANCELLING)
            job = self._find(connection, job_id)
        self.notices.publish(job_id)
        return job

    def forget(self, job_id: str) -> None:
        """Delete the job and all it stored, whatever its state; raise `JobNotFound`.

        A driver that was working on it is refused its next write.
        """
        with self.database.write() as connection:
            this = rows.this(job_id, self._caller)
            if connection.execute(delete(jobs).where(this)).rowcount == 0:
                raise JobNotFound(job_id)
        self.files.discard(job_id)
        self.notices.publish(job_id)

    def find(self, job_id: str) -> Job:
        """Raise `JobNotFound` unless there is such a job."""
        with self.database.read() as connection:
            return self._find(connection, job_id)

    def page(self, limit: int, cursor: str | None = None, state: JobState | None = None) -> Page:
        """Give at most `limit` jobs, the newest first; raise `InvalidCursor`."""
        with self.database.read() as connection:
            return listing.page(connection, limit, cursor, state, self._caller)

    def count_by_state(self) -> dict[JobState, int]:
        """Count the jobs of every state, zeros included."""
        with self.database.read() as connection:
            return listing.count_by_state(connection)

    def count_attempts(self) -> int:
        """Count how often the jobs of the record were taken up, all together."""
        with self.database.read() as connection:
            return listing.count_attempts(connection)

    def events(self, job_id: str, after: int = 0, limit: int = 1000) -> list[rows.Event]:
        """Give the changes after number `after`, in order, without a gap; raise `JobNotFound`."""
        wanted = select(events.c.number, events.c.job).where(
            events.c.job_id == job_id, events.c.number > after
        )
        with self.database.read() as connection:
            self._find(connection, job_id)
            found = connection.execute(wanted.order_by(events.c.number).limit(limit)).all()
        return [rows.Event(row.number, rows.to_job(row.job)) for row in found]

    def specification(self, job_id: str) -> str:
        """Give the specification as it was accepted; raise `JobNotFound`."""
        return self._one(select(jobs.c.specification).where(jobs.c.id == job_id), job_id)

    def data(self, job_id: str) -> Array:
        """Give the job's data, (samples, d_x + d_y): x and then y; raise `JobNotFound`."""
        content = self._one(select(data.c.content).where(data.c.job_id == job_id), job_id)
        samples: Array = np.load(io.BytesIO(content), allow_pickle=False)
        return samples

    def checkpoint(self, job_id: str) -> bytes:
        """Give the newest checkpoint, of a failed job the best; raise `JobNotFound`."""
        with self.database.read() as connection:
            self._find(connection, job_id)
            newest = progress.newest_iteration(connection, job_id)
            return progress.read_checkpoint(connection, job_id, newest)

    def checkpoint_before(self, job_id: str, iteration: int) -> bytes | None:
        """Give the last checkpoint kept that is not after `iteration`; raise `JobNotFound`."""
        with self.database.read() as connection:
            self._find(connection, job_id)
            nearest = progress.nearest_iteration(connection, job_id, iteration)
            return (
                None if nearest is None else progress.read_checkpoint(connection, job_id, nearest)
            )

    def curves(self, job_id: str) -> list[str]:
        """Give the names of the curves in the job's history; raise `JobNotFound`."""
        with self.database.read() as connection:
            self._find(connection, job_id)
            names = select(history.c.name).where(history.c.job_id == job_id).distinct()
            return sorted(connection.execute(names).scalars())

    def history(self, job_id: str, name: str, start: int = 0, stop: int | None = None) -> Chunk:
        """Give one curve at full resolution, 8 bytes per iteration; raise `JobNotFound`.

        `start` and `stop` are iterations; what is not known yet, or not by that name, is left out.
        """
        with self.database.read() as connection:
            self._find(connection, job_id)
            return progress.read_history(connection, job_id, name, start, stop)

    def ping(self) -> None:
        """Commit a write that changes nothing, and see that there is room for others.

        Raises what SQLAlchemy raises where none can be written, and `OSError` without room.
        """
        self.files.require_room()
        with self.database.write() as connection:
            connection.execute(update(queue).values(accepted=queue.c.accepted))

    def reconnect(self) -> None:
        """Drop the connections not in use: they may hold on to a file that is another by now."""
        self.database.close()

    def close(self) -> None:
        """Close the connections and remove what is temporary."""
        self.files.close()
        self.database.close()

    def _one(self, wanted: Select[Found], job_id: str) -> Found:
        with self.database.read() as connection:
            self._find(connection, job_id)
            return connection.scalars(wanted).one()

    def _find(self, connection: Connection, job_id: str) -> Job:
        return rows.find(connection, job_id, self._caller)
