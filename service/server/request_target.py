"""The target of a request and its host (RFC 9112, section 3.2)."""

import re

HOST = re.compile(rb"(\[[0-9a-fA-F:.]+\]|[\w.~%!$&'()*+,;=-]*)(:[0-9]*)?", re.ASCII)
ABSOLUTE = re.compile(rb"https?://([^/?#]*)", re.IGNORECASE)

Headers = list[tuple[bytes, bytes]]


class InvalidTarget(Exception):
    """A request target or host that RFC 9112 has servers refuse with 400."""


def origin_form(target: bytes, headers: Headers, http_version: str) -> bytes:
    """Return the target as a path with its query, and set `Host` to the host that it names.

    Raises `InvalidTarget` unless the request has exactly one valid `Host`; HTTP/1.0 needs none.
    """
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) > 1 or (not hosts and http_version != "1.0"):
        raise InvalidTarget(f"a request has exactly one Host; this one has {len(hosts)}")
    absolute = ABSOLUTE.match(target)
    if absolute is not None:
        hosts = [absolute[1].rpartition(b"@")[2]]
        headers[:] = [*(field for field in headers if field[0] != b"host"), (b"host", hosts[0])]
        target = target[absolute.end() :]
        target = target if target.startswith(b"/") else b"/" + target
    if hosts and not HOST.fullmatch(hosts[0].strip()):
        raise InvalidTarget("the Host of the request is not a host name or address")
    if target == b"*":
        return b"/*"  # OPTIONS for the service as a whole: no resource has this path
    if not target.startswith(b"/"):
        raise InvalidTarget("the target of the request is not a path")
    return target
