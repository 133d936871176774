"""A database as SQL, and back."""

import sqlite3
import subprocess
from pathlib import Path

import psycopg

from service.jobs.storage.database import Database
from tests.service.jobs.postgresql_server import binary

FOLDER = Path(__file__).parent
KINDS = ("sqlite", "postgresql")


def dump_of(revision: str, kind: str) -> Path:
    return FOLDER / f"{revision}.{kind}.sql"


def as_sql(url: str) -> str:
    """All that is in the database, schema and rows; no process may be writing."""
    database = Database(url)
    try:
        return _of_sqlite(database) if database.is_sqlite else _of_postgresql(database)
    finally:
        database.close()


def load(sql: str, url: str) -> None:
    """Into an empty database."""
    database = Database(url)
    if database.is_sqlite:
        with sqlite3.connect(str(database.path)) as connection:
            connection.executescript(sql)
        connection.close()
    else:
        with psycopg.connect(_address(database), autocommit=True) as connection:
            connection.execute(sql.encode())


def _of_sqlite(database: Database) -> str:
    with sqlite3.connect(str(database.path)) as connection:
        sql = "".join(f"{line}\n" for line in connection.iterdump())
    connection.close()
    return sql


def _of_postgresql(database: Database) -> str:
    command = [binary("pg_dump"), "--inserts", "--no-owner", "--no-privileges"]
    sql = subprocess.run(
        [*command, _address(database)], check=True, capture_output=True, text=True
    ).stdout
    # What begins with a backslash is for psql; comments are skipped.
    kept = (line for line in sql.splitlines() if line and not line.startswith(("\\", "--")))
    return "".join(f"{line}\n" for line in kept)


def _address(database: Database) -> str:
    """As PostgreSQL's own programs take it."""
    return str(database.url.render_as_string(hide_password=False)).replace("+psycopg", "")
