"""Database tables: jobs with data, checkpoints, history and events; data sets."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from service.jobs.job import JobState

METADATA = MetaData(
    naming_convention={
        "pk": "%(table_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s",
        "uq": "%(table_name)s_%(column_0_name)s_unique",
        "fk": "%(table_name)s_%(column_0_name)s_exists",
    }
)


def _job_id() -> Column[str]:
    owner = ForeignKey("jobs.id", ondelete="CASCADE")
    return Column("job_id", String(32), owner, primary_key=True)


# One row; locking it serializes changes of the queue on both databases.
queue = Table(
    "queue",
    METADATA,
    Column("id", Integer, CheckConstraint("id = 1", name="single"), primary_key=True),
    Column("accepted", BigInteger, nullable=False),
)

jobs = Table(
    "jobs",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("caller", String(64), nullable=False, server_default=""),  # owner
    Column("state", String(10), nullable=False),
    Column("iteration", BigInteger, nullable=False),
    Column("iterations", BigInteger, nullable=False),
    Column("loss", Double),
    Column("metrics", JSON, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("created_at", Double, nullable=False),
    Column("started_at", Double),
    Column("finished_at", Double),
    Column("error", JSON(none_as_null=True)),
    Column("version", Integer, nullable=False),
    Column("specification", Text, nullable=False),
    Column("time_limit_seconds", Double),
    Column("seconds", Double, nullable=False),  # spent in steps that were recorded
    Column("lost", Integer, nullable=False),  # workers lost since the last recorded step
    Column("owner", String(64)),
    Column("lease_expires_at", Double),
    Column("idempotency_key", String(255), unique=True),
    Column("body_digest", String(64)),
    Column("description", JSON(none_as_null=True)),  # what its owner reads beside its progress
    CheckConstraint(
        "state IN ({})".format(", ".join(f"'{state}'" for state in JobState)), name="state"
    ),
    Index("jobs_by_state", "state", "number"),
    Index("jobs_by_caller", "caller", "number"),
)

data = Table("data", METADATA, _job_id(), Column("content", LargeBinary, nullable=False))

# The latest, the one with the least loss, and those retained for replays.
checkpoints = Table(
    "checkpoints",
    METADATA,
    _job_id(),
    Column("iteration", BigInteger, primary_key=True, autoincrement=False),
    Column("loss", Double),
    Column("content", LargeBinary, nullable=False),
)

history = Table(
    "history",
    METADATA,
    _job_id(),
    Column("name", String(40), primary_key=True),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("stop", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),  # little-endian float64
)

# The job as it was after each of its changes, numbered without a gap.
events = Table(
    "events",
    METADATA,
    _job_id(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("job", JSON, nullable=False),
)

# Labels to filter jobs by: tags, optimizer, loss and data.
job_labels = Table(
    "job_labels",
    METADATA,
    _job_id(),
    Column("name", String(20), primary_key=True),
    Column("value", String(200), primary_key=True),
    Index("job_labels_by_value", "name", "value"),
)

# The body of the request, compressed.
requests = Table("requests", METADATA, _job_id(), Column("content", LargeBinary, nullable=False))

datasets = Table(
    "datasets",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("caller", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("used_at", Double, nullable=False),
    Column("digest", String(64), nullable=False),  # of the file as it was sent
    Column("rows", BigInteger, nullable=False),
    Column("columns", LargeBinary, nullable=False),  # names, kinds and categories, compressed
    Column("summary", Text, nullable=False),
    Index("datasets_by_caller", "caller", "created_at"),
)

# Rows from `start` up to `stop`: little-endian float64, a column after the other.
dataset_blocks = Table(
    "dataset_blocks",
    METADATA,
    Column(
        "dataset_id", String(32), ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("stop", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

models = Table(
    "models",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("caller", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("versions", Integer, nullable=False),  # given out so far; a number comes once only
    UniqueConstraint("caller", "name"),
)

# Immutable: a version is added or deleted, and never changed.
model_versions = Table(
    "model_versions",
    METADATA,
    Column("model_id", String(32), ForeignKey("models.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("created_at", Double, nullable=False),
    Column("document", Text, nullable=False),
    Column("network", LargeBinary, nullable=False),  # as .npz
)

model_aliases = Table(
    "model_aliases",
    METADATA,
    Column("model_id", String(32), primary_key=True),
    Column("alias", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    ForeignKeyConstraint(
        ["model_id", "version"],
        ["model_versions.model_id", "model_versions.version"],
        ondelete="CASCADE",
    ),
)
