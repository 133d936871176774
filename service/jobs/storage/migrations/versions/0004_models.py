"""The model registry: models, their immutable versions, and aliases that point at a version."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "models",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("caller", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("versions", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="models_key"),
        sa.UniqueConstraint("caller", "name", name="models_caller_unique"),
    )
    op.create_table(
        "model_versions",
        sa.Column("model_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("network", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("model_id", "version", name="model_versions_key"),
        sa.ForeignKeyConstraint(
            ["model_id"], ["models.id"], name="model_versions_model_id_exists", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "model_aliases",
        sa.Column("model_id", sa.String(32), nullable=False),
        sa.Column("alias", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("model_id", "alias", name="model_aliases_key"),
        sa.ForeignKeyConstraint(
            ["model_id", "version"],
            ["model_versions.model_id", "model_versions.version"],
            name="model_aliases_model_id_exists",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    """Drop the models."""
    for name in ("model_aliases", "model_versions", "models"):
        op.drop_table(name)
