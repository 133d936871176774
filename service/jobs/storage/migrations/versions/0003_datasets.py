"""Data sets of clients; of a job its description, the labels it is found by, and its request."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; jobs are described as far as their specification says it."""
    op.create_table(
        "datasets",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("caller", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("used_at", sa.Double, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("rows", sa.BigInteger, nullable=False),
        sa.Column("columns", sa.LargeBinary, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="datasets_key"),
    )
    op.create_index("datasets_by_caller", "datasets", ["caller", "created_at"])
    op.create_table(
        "dataset_blocks",
        sa.Column("dataset_id", sa.String(32), nullable=False),
        sa.Column("start", sa.BigInteger, nullable=False),
        sa.Column("stop", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "start", name="dataset_blocks_key"),
        sa.ForeignKeyConstraint(
            ["dataset_id"],
            ["datasets.id"],
            name="dataset_blocks_dataset_id_exists",
            ondelete="CASCADE",
        ),
    )
    op.add_column("jobs", sa.Column("description", sa.JSON))
    for name, *columns in (
        ("job_labels", ("name", sa.String(20)), ("value", sa.String(200))),
        ("requests",),
    ):
        extra = [] if columns else [sa.Column("content", sa.LargeBinary, nullable=False)]
        op.create_table(
            name,
            sa.Column("job_id", sa.String(32), nullable=False),
            *(sa.Column(column, kind, nullable=False) for column, kind in columns),
            *extra,
            sa.PrimaryKeyConstraint(
                "job_id", *(column for column, _ in columns), name=f"{name}_key"
            ),
            sa.ForeignKeyConstraint(
                ["job_id"], ["jobs.id"], name=f"{name}_job_id_exists", ondelete="CASCADE"
            ),
        )
    op.create_index("job_labels_by_value", "job_labels", ["name", "value"])
    _describe()


def _describe() -> None:
    """Restore the descriptions that a way down has dropped: the specification has them too."""
    jobs = sa.table(
        "jobs", sa.column("id"), sa.column("specification"), sa.column("description", sa.JSON)
    )
    connection = op.get_bind()
    for job_id, text in connection.execute(sa.select(jobs.c.id, jobs.c.specification)).all():
        description = json.loads(text).get("description")
        if description is not None:
            description.pop("schema", None)
            connection.execute(
                sa.update(jobs).where(jobs.c.id == job_id).values(description=description)
            )


def downgrade() -> None:
    """Drop the data sets, and what is known of jobs beside their specification."""
    op.drop_table("requests")
    op.drop_table("job_labels")
    op.drop_column("jobs", "description")
    op.drop_table("dataset_blocks")
    op.drop_table("datasets")
