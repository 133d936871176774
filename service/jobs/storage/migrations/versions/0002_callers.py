"""Jobs belong to a caller: the name of an API key, or the anonymous caller."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; existing jobs belong to the anonymous caller."""
    op.add_column("jobs", sa.Column("caller", sa.String(64), nullable=False, server_default=""))
    op.create_index("jobs_by_caller", "jobs", ["caller", "number"])


def downgrade() -> None:
    """Drop the column: all jobs become visible to all callers."""
    op.drop_index("jobs_by_caller", "jobs")
    op.drop_column("jobs", "caller")
