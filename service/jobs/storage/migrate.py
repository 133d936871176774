"""Migrate the database to the newest schema; safe when several processes start at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from service.jobs.storage.database import Database

# Key of the advisory lock; every release must use the same number.
_LOCK = 0x43484149


def migrate(database: Database, revision: str = "head") -> None:
    """Apply missing migrations up to `revision` in one transaction under a lock."""
    with database.write() as connection:
        if not database.is_sqlite:  # on SQLite every writing transaction is alone
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        command.upgrade(configuration(connection), revision)


def configuration(connection: Connection) -> Config:
    """Configure Alembic to work on `connection` and inside its transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
