"""One database behind a URL: SQLite in a file, or PostgreSQL; the same code for both."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL

BUSY_SECONDS = 30
PAGES_AT_ONCE = 1000
"""Pages of 4 KiB that are given back in one transaction, which other writers wait for."""
MAX_VACUUM_STEPS = 250
"""At most 1 GB at once."""
_READING = "reading"


class Database:
    """Transactions on the database at `url`.

    Raises `ValueError` for a URL that is neither an SQLite file nor PostgreSQL by psycopg.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = _sqlite(self.url) if self.is_sqlite else _postgresql(self.url)

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database, `None` for PostgreSQL."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that may change rows; an exception undoes all of it."""
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the database and waits for no writer."""
        engine = self._engine.execution_options(**{_READING: True})
        with engine.begin() as connection:
            yield connection

    def give_back_space(self) -> None:
        """Shrink the file of an SQLite database by the pages that deleted rows have left."""
        if not self.is_sqlite:
            return  # PostgreSQL reuses the space after its own vacuum
        raw = self._engine.raw_connection()
        try:
            connection: Any = raw.driver_connection
            for _ in range(MAX_VACUUM_STEPS):
                # A script: `execute` would stop after the first page.
                connection.executescript(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})")
                (free,) = connection.execute("PRAGMA freelist_count").fetchone()
                (mode,) = connection.execute("PRAGMA auto_vacuum").fetchone()
                if free == 0 or mode == 0:
                    return
        except sqlite3.OperationalError:
            return  # busy or full: there will be another time
        finally:
            raw.close()

    def close(self) -> None:
        """Close every connection; later transactions open new ones."""
        self._engine.dispose()


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise ValueError(f"{url}: jobs outlive the process, so SQLite needs a file")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # No limit on connections: SQLite's own lock serializes the writers.
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None}, max_overflow=-1
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    if pages == 0:  # a new database, whose freed pages can then be given back to the disk
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    # Take the write lock first: SQLite cannot wait when a reading transaction starts to write.
    reading = connection.get_execution_options().get(_READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _postgresql(url: URL) -> Engine:
    if url.drivername != "postgresql+psycopg":
        raise ValueError(f"{url}: expected sqlite:///… or postgresql+psycopg://…")
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=30,
        # In a database without an encoding of its own, text would come back as bytes.
        connect_args={"connect_timeout": 10, "client_encoding": "utf8"},
    )
