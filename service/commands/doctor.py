"""`chainrule doctor`: check settings, database, schema, disk, workers and clock."""

import asyncio
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import inspect, text

from service.commands.backup import database_file
from service.commands.read_settings import InvalidSettings, read_settings, unknown_variables
from service.commands.serve import require_installed
from service.jobs.executors.process_executor import ProcessExecutor
from service.jobs.storage.data_files import ROOM_BYTES
from service.jobs.storage.database import Database
from service.jobs.storage.migrate import revision_of, revisions
from service.settings import Settings

MAX_CLOCK_SECONDS = 5.0
"""More than that, and leases of several hosts do not expire when they should."""
WORKER_SECONDS = 60.0


class Problem(Exception):
    """A check that failed: what is wrong and what to do."""


def run(arguments: Sequence[str]) -> int:
    """Check the environment of the service, one line each; exit code 1 if a check fails.

    Takes the flags of `chainrule serve`, changes nothing and needs no running service.
    """
    try:
        settings = read_settings(arguments, "chainrule doctor", run.__doc__ or "")
    except InvalidSettings as error:
        sys.stdout.write(_line(False, "settings", str(error)))
        return 1
    failed = False
    for name, check in CHECKS.items():
        try:
            is_well, found = True, check(settings)
        except Problem as error:
            is_well, found = False, str(error)
        except Exception as error:  # a check that cannot be made is a failed one
            is_well, found = False, f"{type(error).__name__}: {error}"
        failed = failed or not is_well
        sys.stdout.write(_line(is_well, name, found))
    return int(failed)


def _line(is_well: bool, name: str, found: str) -> str:
    return f"{'ok  ' if is_well else 'FAIL'}  {name:9} {' '.join(found.split())}\n"


def _existing(settings: Settings) -> Database | None:
    """The database, None where it is a file that does not exist: opening would create it."""
    path = database_file(settings.database_url)
    return None if path is not None and not path.exists() else Database(settings.database_url)


def _settings(settings: Settings) -> str:
    try:
        require_installed(settings)
    except InvalidSettings as error:
        raise Problem(str(error)) from None
    unknown = unknown_variables()
    if unknown:
        raise Problem(f"no settings have these names: {', '.join(unknown)}")
    return "valid"


def _database(settings: Settings) -> str:
    database = _existing(settings)
    if database is None:
        return f"{settings.database_url} does not exist yet; the service creates it"
    path = database.path
    with database.read() as connection:
        if path is None:
            version = str(connection.execute(text("SHOW server_version")).scalar_one())
            return f"PostgreSQL {version} answers"
        found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
        shrinks = connection.execute(text("PRAGMA auto_vacuum")).scalar_one() != 0
    if found != "ok":
        raise Problem(f"{path} is damaged: {found}; restore a backup")
    size = f"{path} is undamaged and has {path.stat().st_size:,} bytes"
    return size if shrinks else f"{size}; its file does not shrink: VACUUM it once with auto_vacuum"


def _schema(settings: Settings) -> str:
    database = _existing(settings)
    if database is None:
        return "none yet"
    with database.read() as connection:
        present = revision_of(connection)
    if present is None:
        return "none yet"
    *_, newest = known = revisions()
    if present not in known:
        raise Problem(f"{present} is of a newer release; install that one or restore a backup")
    if present != newest:
        return f"{present}; the service migrates it to {newest} when it starts"
    return f"{present}, the newest"


def _disk(settings: Settings) -> str:
    path = database_file(settings.database_url)
    folder = (path or Path.cwd()).absolute().parent
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < ROOM_BYTES + settings.max_body_bytes:
        raise Problem(f"only {free:,} bytes are free in {folder}; jobs would be refused")
    return f"{free:,} bytes are free in {folder}"


def _workers(settings: Settings) -> str:
    if settings.dask_scheduler:
        return f"on the cluster at {settings.dask_scheduler}, which is not checked"

    async def start() -> float:
        executor = ProcessExecutor(1)
        try:
            begin = time.monotonic()
            await executor.call(abs, -1, timeout=WORKER_SECONDS)
            return time.monotonic() - begin
        finally:
            await executor.close()

    return f"a worker process started and answered in {asyncio.run(start()):.1f} s"


def _clock(settings: Settings) -> str:
    database = _existing(settings)
    if database is None:
        return "nothing to compare with"
    with database.read() as connection:
        if database.path is None:
            query = text("SELECT extract(epoch FROM clock_timestamp())")
            ahead = float(connection.execute(query).scalar_one()) - time.time()
            if abs(ahead) > MAX_CLOCK_SECONDS:
                raise Problem(f"the clock of the database differs by {ahead:.1f} s; use NTP")
            return f"differs from that of the database by {ahead:.1f} s"
        if not inspect(connection).has_table("jobs"):
            return "nothing to compare with"
        newest = connection.execute(text("SELECT max(created_at) FROM jobs")).scalar_one()
    ahead = (newest or 0.0) - time.time()
    if ahead > MAX_CLOCK_SECONDS:
        raise Problem(f"the newest job was accepted {ahead:.0f} s in the future; set the clock")
    return "not behind the newest job"


CHECKS: dict[str, Callable[[Settings], str]] = {
    "settings": _settings,
    "database": _database,
    "schema": _schema,
    "disk": _disk,
    "workers": _workers,
    "clock": _clock,
}
