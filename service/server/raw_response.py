"""A problem document as bytes, for connections that never become a request."""

from service.http.problems import MEDIA_TYPE, PHRASES, RETRY_AFTER_SECONDS, problem_of
from service.serialization.json_writer import to_json


def raw_error_response(status: int, detail: str) -> bytes:
    """The whole answer, head and body; the connection ends with it."""
    body = to_json(problem_of(status, detail))
    lines = [
        f"HTTP/1.1 {status} {PHRASES[status]}",
        f"Content-Type: {MEDIA_TYPE}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    if status == 503:
        lines.append(f"Retry-After: {RETRY_AFTER_SECONDS}")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body
