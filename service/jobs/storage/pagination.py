"""Jobs in pages, the newest first."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from service.jobs.errors import InvalidCursor
from service.jobs.job import Job, JobState
from service.jobs.storage.job_rows import JOB_COLUMNS, to_job
from service.jobs.storage.schema import job_labels, jobs


@dataclass(frozen=True)
class Page:
    """Jobs, the newest first, and the cursor of the page after this one."""

    jobs: tuple[Job, ...]
    next: str | None


def page(
    connection: Connection,
    limit: int,
    cursor: str | None,
    state: JobState | None,
    caller: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> Page:
    """At most `limit` jobs of the caller from `cursor` on, optionally of one state.

    For `caller` None, the service itself, jobs of all callers. Jobs that are accepted or deleted
    between two pages are neither repeated nor skipped. Raises `InvalidCursor`.
    """
    wanted = select(*JOB_COLUMNS, jobs.c.number).order_by(jobs.c.number.desc()).limit(limit + 1)
    if cursor is not None:
        wanted = wanted.where(jobs.c.number < decode(cursor))
    if state is not None:
        wanted = wanted.where(jobs.c.state == state)
    for name, value in (labels or {}).items():
        labelled = select(job_labels.c.job_id).where(
            job_labels.c.name == name, job_labels.c.value == value
        )
        wanted = wanted.where(jobs.c.id.in_(labelled))
    if caller is not None:
        wanted = wanted.where(jobs.c.caller == caller)
    found = [dict(row) for row in connection.execute(wanted).mappings()]
    more = len(found) > limit
    numbers = [row.pop("number") for row in found]
    shown = tuple(to_job(row) for row in found[:limit])
    return Page(shown, encode(numbers[limit - 1]) if more else None)


def count_by_state(connection: Connection) -> dict[JobState, int]:
    """Count the jobs of every state, zeros included."""
    counts = connection.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state))
    return dict.fromkeys(JobState, 0) | {JobState(state): count for state, count in counts}


def count_attempts(connection: Connection) -> int:
    """Add up the attempts of all jobs."""
    return int(connection.execute(select(func.coalesce(func.sum(jobs.c.attempt), 0))).scalar_one())


def encode(number: int) -> str:
    """Opaque cursor for the job with this number."""
    return base64.urlsafe_b64encode(f"job:{number}".encode()).decode().rstrip("=")


def decode(cursor: str) -> int:
    """The number in a cursor of `encode`; raises `InvalidCursor` for any other text."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor(cursor) from error
    digits = text.removeprefix("job:")
    # Only the canonical form is valid, and no number exceeds the column.
    if not digits.isdecimal() or len(digits) > 18 or encode(int(digits)) != cursor:
        raise InvalidCursor(cursor)
    return int(digits)
