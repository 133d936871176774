"""A job belongs to the one who asked for it: by the name of an API key, or to nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was there before belongs to nobody in particular."""
    op.add_column("jobs", sa.Column("caller", sa.String(64), nullable=False, server_default=""))
    op.create_index("jobs_by_caller", "jobs", ["caller", "number"])


def downgrade() -> None:
    """Everybody's jobs become everybody's."""
    op.drop_index("jobs_by_caller", "jobs")
    op.drop_column("jobs", "caller")
