"""The database of jobs: read, accept, cancel and delete."""

import time
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import TypeVar

from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError

from service.jobs.errors import InvalidTransition, JobNotFound
from service.jobs.job import Job, JobState
from service.jobs.storage import job_rows
from service.jobs.storage.change_events import ChangeBus
from service.jobs.storage.data_files import DataFiles
from service.jobs.storage.database import Database
from service.jobs.storage.migrate import migrate
from service.jobs.storage.reader import JobReader
from service.jobs.storage.schema import jobs, queue
from service.jobs.storage.submission import Submission, accept

Result = TypeVar("Result")


class Store(JobReader):
    """The jobs in the database at `url`, migrated to the newest schema.

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
        super().__init__(Database(url))
        try:
            migrate(self.database)
        except BaseException:  # close what was opened, since the caller gets no store
            self.database.close()
            raise
        self.files = DataFiles(self.database, data_directory)
        self.notices = ChangeBus()
        self.clock = clock
        self._queue_limit = queue_limit

    def for_caller(self, caller: str) -> "Store":
        """The same store for this caller: jobs of other callers are not found."""
        seen = copy(self)
        seen._caller = caller
        return seen

    def accept(self, submission: Submission) -> Job:
        """Queue a job; raise `QueueFull` or `IdempotencyMismatch`, as `submission.accept` says.

        Raises `OSError` on a nearly full disk, whose rest is reserved for running jobs.
        """
        self.files.require_room()
        with self.database.write() as connection:
            job = accept(
                connection, submission, self.clock(), self._queue_limit, self._caller or ""
            )
        self.notices.publish(job.id)
        return job

    def cancel(self, job_id: str, check: Callable[[Job], None] = lambda job: None) -> Job:
        """Cancel a queued job at once, and ask the dispatcher of a running one to stop.

        Cancelling again while it stops changes nothing. `check` is called with the job in the same
        transaction, and may refuse by an exception. Raises `JobNotFound`, and `InvalidTransition`
        once the job is finished.
        """
        job = self._on_full_disk_too(lambda: self._cancel(job_id, check))
        self.notices.publish(job_id)
        return job

    def _cancel(self, job_id: str, check: Callable[[Job], None]) -> Job:
        this = job_rows.this(job_id, self._caller)
        with self.database.write() as connection:
            job_rows.lock(connection, this)
            job = self._find(connection, job_id)
            check(job)
            if job.finished:
                raise InvalidTransition(job.state, JobState.CANCELLED)
            if job.state == JobState.QUEUED:
                job_rows.change(
                    connection, this, state=JobState.CANCELLED, finished_at=self.clock()
                )
            elif job.state == JobState.RUNNING:
                job_rows.change(connection, this, state=JobState.CANCELLING)
            return self._find(connection, job_id)

    def _on_full_disk_too(self, change: Callable[[], Result]) -> Result:
        """Make a change; where the disk is full, once more on the space of the reserve."""
        try:
            return change()
        except OperationalError as error:
            if "full" not in str(error.orig) or not self.files.release_reserve():
                raise
        return change()

    def delete(self, job_id: str, check: Callable[[Job], None] = lambda job: None) -> None:
        """Delete the job and all it stored, whatever its state; raise `JobNotFound`.

        A dispatcher that was running it is refused its next write. `check` is called as by
        `cancel`.
        """
        self._on_full_disk_too(lambda: self._delete(job_id, check))
        self.files.discard(job_id)
        self.notices.publish(job_id)

    def _delete(self, job_id: str, check: Callable[[Job], None]) -> None:
        with self.database.write() as connection:
            this = job_rows.this(job_id, self._caller)
            job_rows.lock(connection, this)
            check(self._find(connection, job_id))
            if connection.execute(delete(jobs).where(this)).rowcount == 0:
                raise JobNotFound(job_id)

    def ping(self) -> None:
        """Commit a write that changes nothing, and check that the disk has room.

        Raises what SQLAlchemy raises where none can be written, and `OSError` without room.
        """
        self.files.require_room()
        with self.database.write() as connection:
            connection.execute(update(queue).values(accepted=queue.c.accepted))

    def reconnect(self) -> None:
        """Drop the connections not in use: the file behind them may have been replaced."""
        self.database.close()

    def close(self) -> None:
        """Close the connections and remove what is temporary."""
        self.files.close()
        self.database.close()
