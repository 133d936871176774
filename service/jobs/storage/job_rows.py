"""Rows of `jobs` as `Job` values; every change makes a new version and an event."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, select, update

from service.jobs.errors import JobNotFound
from service.jobs.job import Failure, Job, JobState
from service.jobs.storage.schema import events, jobs

MAX_IDENTIFIERS = 500
"""In one query; SQLite allows 32,766 parameters and PostgreSQL 65,535."""
JOB_COLUMNS = tuple(jobs.c[field.name] for field in fields(Job))


@dataclass(frozen=True)
class Event:
    """The job after change `number`; numbers start at 1 without gaps."""

    number: int
    job: Job


def change(connection: Connection, where: ColumnElement[bool], **values: Any) -> Job | None:
    """Update the one job that meets `where` and append an event; None if there is none."""
    statement = update(jobs).where(where).values(version=jobs.c.version + 1, **values)
    row = connection.execute(statement.returning(*JOB_COLUMNS)).mappings().one_or_none()
    if row is None:
        return None
    log(connection, row)
    return to_job(row)


def log(connection: Connection, row: Mapping[Any, Any]) -> None:
    """Append the row as it is now to the job's events."""
    event = {"job_id": row["id"], "number": row["version"], "job": dict(row)}
    connection.execute(insert(events).values(event))


def lock(connection: Connection, where: ColumnElement[bool]) -> None:
    """Lock the jobs that meet `where` until the transaction ends."""
    connection.execute(select(jobs.c.id).where(where).with_for_update())


def this(job_id: str, caller: str | None) -> ColumnElement[bool]:
    """Select the job if it belongs to the caller; `None`, the service itself, selects any."""
    same = jobs.c.id == job_id
    return same if caller is None else and_(same, jobs.c.caller == caller)


def find(connection: Connection, job_id: str, caller: str | None = None) -> Job:
    """The job of the caller; raises `JobNotFound`."""
    wanted = select(*JOB_COLUMNS).where(this(job_id, caller))
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        raise JobNotFound(job_id)
    return to_job(row)


def changed_since(connection: Connection, versions: Mapping[str, int]) -> dict[str, Job | None]:
    """Return the jobs of `versions` that exist, None for those not newer than given."""
    found: dict[str, Job | None] = {}
    identifiers = iter(versions)
    while chunk := tuple(islice(identifiers, MAX_IDENTIFIERS)):
        current = select(jobs.c.id, jobs.c.version).where(jobs.c.id.in_(chunk))
        known = {row.id: row.version for row in connection.execute(current)}
        found |= dict.fromkeys(known)
        newer = [job_id for job_id, version in known.items() if version > versions[job_id]]
        if newer:
            rows = connection.execute(select(*JOB_COLUMNS).where(jobs.c.id.in_(newer)))
            found |= {row["id"]: to_job(row) for row in rows.mappings()}
    return found


def to_job(row: Mapping[Any, Any]) -> Job:
    """Read the columns `JOB_COLUMNS`, from the table or from an event."""
    error, loss = row["error"], row["loss"]
    return Job(
        **{
            **row,
            "description": row.get("description"),  # events of earlier releases have none
            "state": JobState(row["state"]),
            # SQLite hands a whole number back as an integer.
            "loss": None if loss is None else float(loss),
            "error": Failure(**error) if error else None,
            "created_at": _time(row["created_at"]),
            "started_at": _time(row["started_at"]),
            "finished_at": _time(row["finished_at"]),
        }
    )


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
