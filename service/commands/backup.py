"""`chainrule backup FILE`: a copy of the database, also while the service runs."""

import argparse
import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

PAGES_AT_ONCE = 1000
"""Between two such steps the service may write; 4 MB take a few milliseconds."""
PAUSE_SECONDS = 0.005


class NotABackup(Exception):
    """A file that is no database of this service, or a damaged one."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is not a usable backup: {reason}")


def run(arguments: Sequence[str]) -> int:
    """Copy the SQLite database to FILE; the copy is complete and consistent, or not there."""
    given = database_parser("chainrule backup", run.__doc__ or "").parse_args(arguments)
    database = database_file(given.database_url)
    if database is None:
        sys.stderr.write(f"{given.database_url} is not an SQLite database; use pg_dump\n")
        return 2
    if not database.exists():
        sys.stderr.write(f"there is no database {database}\n")
        return 1
    target = Path(given.file)
    partial = target.with_name(target.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        copy(database, partial)
        require_usable(partial)
        os.replace(partial, target)
    except (OSError, sqlite3.Error, NotABackup) as error:
        partial.unlink(missing_ok=True)
        sys.stderr.write(f"no backup was made: {error}\n")
        return 1
    sys.stdout.write(f"{target} has {target.stat().st_size:,} bytes\n")
    return 0


def database_parser(prog: str, description: str) -> argparse.ArgumentParser:
    """Return a parser for a file and the database."""
    parser = argparse.ArgumentParser(prog, description=description)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument(
        "--database-url",
        default=os.environ.get("CHAINRULE_DATABASE_URL", "sqlite:///data/chainrule.db"),
        help="in place of CHAINRULE_DATABASE_URL",
    )
    return parser


def database_file(url: str) -> Path | None:
    """Return the file of an SQLite database, None for another one."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def copy(source: Path, target: Path) -> None:
    """Copy a database with SQLite's online backup; raises `sqlite3.Error`."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new, pages=PAGES_AT_ONCE, sleep=PAUSE_SECONDS)
        new.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it


def require_usable(path: Path) -> None:
    """Raise `NotABackup` unless the file is an undamaged database of this service."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise NotABackup(path, str(found))
            connection.execute("SELECT count(*) FROM jobs, alembic_version").fetchone()
    except sqlite3.Error as error:
        raise NotABackup(path, str(error)) from None
