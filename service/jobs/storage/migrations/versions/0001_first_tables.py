"""The first tables: the queue, jobs, their data, checkpoints, history and events."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATES = ("queued", "running", "cancelling", "succeeded", "failed", "cancelled")


def upgrade() -> None:
    """Create the tables, and the queue's one row."""
    queue = op.create_table(
        "queue",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("accepted", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="queue_key"),
        sa.CheckConstraint("id = 1", name=op.f("queue_single")),
    )
    op.bulk_insert(queue, [{"id": 1, "accepted": 0}])
    _create_jobs()
    content = ("content", sa.LargeBinary)
    _create_part("data", [], content)
    _create_part("checkpoints", [("iteration", sa.BigInteger)], ("loss", sa.Double, True), content)
    _create_part(
        "history",
        [("name", sa.String(40)), ("start", sa.BigInteger)],
        ("stop", sa.BigInteger),
        content,
    )
    _create_part("events", [("number", sa.Integer)], ("job", sa.JSON))


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("iteration", sa.BigInteger, nullable=False),
        sa.Column("iterations", sa.BigInteger, nullable=False),
        sa.Column("loss", sa.Double),
        sa.Column("metrics", sa.JSON, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("started_at", sa.Double),
        sa.Column("finished_at", sa.Double),
        sa.Column("error", sa.JSON),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("specification", sa.Text, nullable=False),
        sa.Column("time_limit_seconds", sa.Double),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.Column("lost", sa.Integer, nullable=False),
        sa.Column("owner", sa.String(64)),
        sa.Column("lease_expires_at", sa.Double),
        sa.Column("idempotency_key", sa.String(255)),
        sa.Column("body_digest", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="jobs_key"),
        sa.UniqueConstraint("number", name="jobs_number_unique"),
        sa.UniqueConstraint("idempotency_key", name="jobs_idempotency_key_unique"),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("jobs_state")),
    )
    op.create_index("jobs_by_state", "jobs", ["state", "number"])


def _create_part(name: str, key: list[tuple[str, Any]], *columns: tuple[Any, ...]) -> None:
    """Create a table of rows that vanish with their job."""
    op.create_table(
        name,
        sa.Column("job_id", sa.String(32), nullable=False),
        *(sa.Column(column, kind, nullable=False) for column, kind in key),
        *(sa.Column(column, kind, nullable=bool(null)) for column, kind, *null in columns),
        sa.PrimaryKeyConstraint("job_id", *(column for column, _ in key), name=f"{name}_key"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name=f"{name}_job_id_exists", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Drop every table."""
    for name in ("events", "history", "checkpoints", "data", "jobs", "queue"):
        op.drop_table(name)
