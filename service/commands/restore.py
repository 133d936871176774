"""`chainrule restore FILE`: replace the database by a backup, also while the service runs."""

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from service.commands.backup import NotABackup, database_file, database_parser, require_usable

BUSY_SECONDS = 60.0


def run(arguments: Sequence[str]) -> int:
    """Replace the SQLite database by the backup FILE, all of it in one transaction.

    A running service continues with the restored jobs: jobs that ran at the time of the backup are
    taken up again, and later ones are gone.
    """
    given = database_parser("chainrule restore", run.__doc__ or "").parse_args(arguments)
    database = database_file(given.database_url)
    if database is None:
        sys.stderr.write(f"{given.database_url} is not an SQLite database; use pg_restore\n")
        return 2
    source = Path(given.file)
    try:
        require_usable(source)
        database.parent.mkdir(parents=True, exist_ok=True)
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(database, timeout=BUSY_SECONDS)) as new,
        ):
            old.backup(new)
    except (OSError, sqlite3.Error, NotABackup) as error:
        sys.stderr.write(f"nothing was restored: {error}\n")
        return 1
    sys.stdout.write(f"{database} was restored from {source}\n")
    return 0
