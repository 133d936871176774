"""The log on standard error: JSON lines, or text for people on a terminal."""

import logging
import sys
import threading
from types import TracebackType

import orjson
import structlog
from structlog.typing import Processor

log = structlog.get_logger()


def configure_logs() -> None:
    """Write every event to standard error, including warnings and those of libraries."""
    is_terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(_text() if is_terminal else _json()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr)
        if is_terminal
        else structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_ToStructlog()], force=True)
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    # uvicorn warns about bytes that are not HTTP, which any client can send as often as it likes.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: log.critical(
        "uncaught exception",
        thread=args.thread.name if args.thread else None,
        exc_info=args.exc_value,
    )


class _ToStructlog(logging.Handler):
    """Hands the records of the standard library over."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=error)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt):
        return
    log.critical("uncaught exception", exc_info=(kind, error, trace))


def _text() -> list[Processor]:
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]


def _json() -> list[Processor]:
    # orjson: a line for each request should take less time than a small response.
    return [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(serializer=orjson.dumps),
    ]
