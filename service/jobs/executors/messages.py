"""What comes back from a call elsewhere, as bytes: the function's result, or its exception."""

import pickle
import struct
import traceback
from collections.abc import Callable
from typing import Any


def encode_reply(function: Callable[..., object], *arguments: object) -> bytes:
    """Call the function; whatever it returns or raises goes into the reply."""
    try:
        return pickle.dumps((function(*arguments), None), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return failed(error)


def failed(error: Exception) -> bytes:
    """Give the reply of a call that raised `error`, which is being handled."""
    return pickle.dumps((None, (_portable(error), traceback.format_exc())))


def decode_reply(reply: bytes | bytearray) -> Any:
    """Give the result that is in the reply, or raise the exception, with its trace as a note."""
    value, failure = pickle.loads(reply)  # noqa: S301 - written by our own worker
    if failure is not None:
        error, trace = failure
        error.add_note(trace)
        raise error
    return value


def _portable(error: Exception) -> Exception:
    """Give the error itself if it survives the way, else its words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - written on the line itself
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


HEADER = struct.Struct("!Q")
