"""Migrate the database to the newest schema; safe when several processes start at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select, text

from service.jobs.storage.database import Database
from service.jobs.storage.schema import METADATA, queue

if TYPE_CHECKING:
    from alembic.config import Config

# Key of the advisory lock; every release must use the same number.
_LOCK = 0x43484149
_MIGRATIONS = Path(__file__).parent / "migrations"
# Alembic's table of one row, as Alembic creates it.
_revision = Table(
    "alembic_version",
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    Column("version_num", String(32), primary_key=True),
)


class NewerSchema(Exception):
    """A database that a newer release has migrated."""


def migrate(database: Database) -> None:
    """Apply missing migrations in one transaction under a lock; raise `NewerSchema`.

    An empty database gets the tables of the newest schema at once. Alembic is imported only where
    an older schema is migrated, since that is a part of each start which most do not need.
    """
    with database.write() as connection:
        if not database.is_sqlite:  # on SQLite every writing transaction is alone
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        present, known = revision_of(connection), revisions()
        if present is None and METADATA.tables.keys().isdisjoint(
            inspect(connection).get_table_names()
        ):
            _create(connection, known[-1])
        elif present is not None and present not in known:
            raise NewerSchema(present)
        elif present != known[-1]:
            from alembic import command

            command.upgrade(configuration(connection), "head")


def revisions() -> list[str]:
    """The revisions of all migrations in their order, from the names of their files."""
    return sorted(path.name[:4] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision_of(connection: Connection) -> str | None:
    """The revision of the schema in the database, `None` without one."""
    if not inspect(connection).has_table(_revision.name):
        return None
    found: str | None = connection.execute(select(_revision.c.version_num)).scalar_one_or_none()
    return found


def configuration(connection: Connection) -> Config:
    """Configure Alembic to work on `connection` and inside its transaction."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _create(connection: Connection, revision: str) -> None:
    """Create the tables of the newest schema, the row of the queue and that of Alembic."""
    METADATA.create_all(connection)
    connection.execute(queue.insert().values(id=1, accepted=0))
    _revision.create(connection, checkfirst=True)
    connection.execute(_revision.insert().values(version_num=revision))
