"""Messages between the service and workers: length header, pickled result or exception."""

import pickle
import struct
import traceback
from collections.abc import Callable
from typing import Any


def encode_reply(function: Callable[..., object], *arguments: object) -> bytes:
    """Call the function and encode its result or its exception."""
    try:
        return pickle.dumps((function(*arguments), None), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return failed(error)


def failed(error: Exception) -> bytes:
    """Encode `error`, which is being handled, with its traceback."""
    return pickle.dumps((None, (_portable(error), traceback.format_exc())))


def decode_reply(reply: bytes | bytearray) -> Any:
    """Return the result of a reply, or raise its exception with the traceback as a note."""
    value, failure = pickle.loads(reply)  # noqa: S301 - written by our own worker
    if failure is not None:
        error, trace = failure
        error.add_note(trace)
        raise error
    return value


def _portable(error: Exception) -> Exception:
    """The exception itself if it can be pickled, else a `RuntimeError` with its text."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - written on the line itself
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


HEADER = struct.Struct("!Q")
