"""One database behind a URL: SQLite in a file, or PostgreSQL; the same code for both."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL

BUSY_SECONDS = 30
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
