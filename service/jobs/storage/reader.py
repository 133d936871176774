"""Read access to jobs: their state, changes, data and results."""

import io
import zlib
from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from sqlalchemy import Connection, Select, select

from core.arrays import Array
from service.jobs.errors import RequestNotKept
from service.jobs.job import Job, JobState
from service.jobs.step_result import HistoryChunk
from service.jobs.storage import checkpoints, job_rows, pagination
from service.jobs.storage.database import Database
from service.jobs.storage.pagination import Page
from service.jobs.storage.schema import data, events, history, jobs, requests

Found = TypeVar("Found")


class JobReader:
    """Reads the jobs of `caller`; those of other callers are not found. None reads all jobs.

    Every call is a transaction, safe in threads and beside other processes.
    """

    def __init__(self, database: Database, caller: str | None = None) -> None:
        self.database = database
        self._caller = caller

    def find(self, job_id: str) -> Job:
        """Raise `JobNotFound` unless there is such a job."""
        with self.database.read() as connection:
            return self._find(connection, job_id)

    def changed_since(self, versions: Mapping[str, int]) -> dict[str, Job | None]:
        """Return the jobs of `versions` that exist, None for those not newer than given."""
        with self.database.read() as connection:
            return job_rows.changed_since(connection, versions)

    def request(self, job_id: str) -> bytes:
        """Give the body that asked for the job; raise `JobNotFound`, also where none was kept."""
        wanted = select(requests.c.content).where(requests.c.job_id == job_id)
        with self.database.read() as connection:
            self._find(connection, job_id)
            content = connection.scalars(wanted).one_or_none()
        if content is None:
            raise RequestNotKept(job_id)
        return zlib.decompress(content)

    def page(
        self,
        limit: int,
        cursor: str | None = None,
        state: JobState | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> Page:
        """Give at most `limit` jobs, the newest first; raise `InvalidCursor`."""
        with self.database.read() as connection:
            return pagination.page(connection, limit, cursor, state, self._caller, labels)

    def count_by_state(self) -> dict[JobState, int]:
        """Count the jobs of every state, zeros included."""
        with self.database.read() as connection:
            return pagination.count_by_state(connection)

    def count_attempts(self) -> int:
        """Count the attempts of all jobs together."""
        with self.database.read() as connection:
            return pagination.count_attempts(connection)

    def events(self, job_id: str, after: int = 0, limit: int = 1000) -> list[job_rows.Event]:
        """Give the changes after number `after`, in order, without a gap; raise `JobNotFound`."""
        wanted = select(events.c.number, events.c.job).where(
            events.c.job_id == job_id, events.c.number > after
        )
        with self.database.read() as connection:
            self._find(connection, job_id)
            found = connection.execute(wanted.order_by(events.c.number).limit(limit)).all()
        return [job_rows.Event(row.number, job_rows.to_job(row.job)) for row in found]

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
            newest = checkpoints.newest_iteration(connection, job_id)
            return checkpoints.read_checkpoint(connection, job_id, newest)

    def checkpoint_before(self, job_id: str, iteration: int) -> bytes | None:
        """Give the last checkpoint kept that is not after `iteration`; raise `JobNotFound`."""
        with self.database.read() as connection:
            self._find(connection, job_id)
            nearest = checkpoints.nearest_iteration(connection, job_id, iteration)
            return (
                None
                if nearest is None
                else checkpoints.read_checkpoint(connection, job_id, nearest)
            )

    def curves(self, job_id: str) -> list[str]:
        """Give the names of the curves in the job's history; raise `JobNotFound`."""
        with self.database.read() as connection:
            self._find(connection, job_id)
            names = select(history.c.name).where(history.c.job_id == job_id).distinct()
            return sorted(connection.execute(names).scalars())

    def history(
        self, job_id: str, name: str, start: int = 0, stop: int | None = None
    ) -> HistoryChunk:
        """Give one curve at full resolution, 8 bytes per iteration; raise `JobNotFound`.

        `start` and `stop` are iterations; what is not known yet, or not by that name, is left out.
        """
        with self.database.read() as connection:
            self._find(connection, job_id)
            return checkpoints.read_history(connection, job_id, name, start, stop)

    def _one(self, wanted: Select[Found], job_id: str) -> Found:
        with self.database.read() as connection:
            self._find(connection, job_id)
            return connection.scalars(wanted).one()

    def _find(self, connection: Connection, job_id: str) -> Job:
        return job_rows.find(connection, job_id, self._caller)
