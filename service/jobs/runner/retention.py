"""How long finished jobs and data sets are kept."""

from dataclasses import dataclass

from sqlalchemy import and_, delete, or_, select

from service.jobs.job import FINISHED
from service.jobs.storage.schema import datasets, jobs
from service.jobs.storage.store import Store


@dataclass(frozen=True)
class Retention:
    """A finished job is kept for `seconds`, and only the newest `jobs` of them are."""

    seconds: float = 7 * 86400.0
    jobs: int = 10_000
    datasets: int = 1_000
    """Data sets are kept for as long after they were last used, the newest of them."""


def expire_datasets(store: Store, retention: Retention) -> int:
    """Delete the data sets beyond `retention`; give their number."""
    newest = datasets.c.used_at.desc()
    crowded_out = (
        select(datasets.c.used_at).order_by(newest).offset(retention.datasets).limit(1)
    ).scalar_subquery()
    old = datasets.c.used_at < store.clock() - retention.seconds
    with store.database.write() as connection:
        beyond = or_(old, datasets.c.used_at <= crowded_out)
        return connection.execute(delete(datasets).where(beyond)).rowcount


def expire_jobs(store: Store, retention: Retention) -> int:
    """Delete the finished jobs beyond `retention` with all they stored; give their number."""
    finished = jobs.c.state.in_(FINISHED)
    newest = jobs.c.number.desc()
    crowded_out = (
        select(jobs.c.number).where(finished).order_by(newest).offset(retention.jobs).limit(1)
    ).scalar_subquery()
    old = jobs.c.finished_at < store.clock() - retention.seconds
    beyond = and_(finished, or_(old, jobs.c.number <= crowded_out))
    with store.database.write() as connection:
        gone = connection.scalars(delete(jobs).where(beyond).returning(jobs.c.id)).all()
    for job_id in gone:
        store.files.discard(job_id)
        store.notices.publish(job_id)
    if gone:
        store.database.give_back_space()
    return len(gone)
