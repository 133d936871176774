"""Classification of errors: outages of database or machine, as opposed to faults."""

import errno
from collections.abc import Mapping

from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

EXHAUSTED: Mapping[int, str] = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk is full",
    errno.EROFS: "the disk cannot be written",
    errno.EACCES: "the disk cannot be written",
    errno.EIO: "the disk does not answer",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
    errno.ENOMEM: "there is not enough memory",
}
NO_RESPONSE = "the database does not answer"


def outage_reason(error: BaseException) -> str | None:
    """The reason of an outage, in a sentence without addresses; None for any other error.

    SQLite reports a damaged file by `DatabaseError`, the base class of its errors.
    """
    if isinstance(error, NoConnectionFree):
        return "every connection to the database is taken"
    if isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError:
        return _why(error)
    if isinstance(error, MemoryError):
        return EXHAUSTED[errno.ENOMEM]
    return EXHAUSTED.get(error.errno or 0) if isinstance(error, OSError) else None


def _why(error: DBAPIError) -> str:
    # Messages of a database server may contain its address; those of SQLite do not.
    local = type(error.orig).__module__ == "sqlite3"
    return f"{NO_RESPONSE}: {error.orig}" if local else NO_RESPONSE
