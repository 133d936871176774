"""The header `Prefer` (RFC 7240), as far as it is honoured here: `wait=N`, `respond-async`."""

import re

MAX_WAIT_SECONDS = 50
"""Below the 60 s after which common reverse proxies give a response up."""
RESPOND_ASYNC = "respond-async"


def wait_seconds(prefer: str | None) -> int | None:
    """N of `wait=N`, at most `MAX_WAIT_SECONDS`; None without such a preference."""
    for preference in (prefer or "").split(","):
        found = re.fullmatch(r"\s*wait\s*=\s*\"?(\d{1,9})\"?\s*(;.*)?", preference, re.IGNORECASE)
        if found:
            return min(int(found[1]), MAX_WAIT_SECONDS)
    return None


def wants_job(prefer: str | None) -> bool:
    """Whether the client prefers `respond-async`: a job now to an answer later."""
    names = (preference.partition(";")[0].strip() for preference in (prefer or "").split(","))
    return any(name.lower() == RESPOND_ASYNC for name in names)


def applied(seconds: int | None, *others: str) -> dict[str, str]:
    """The header that says so."""
    honoured = [*others, *([] if seconds is None else [f"wait={seconds}"])]
    return {"Preference-Applied": ", ".join(honoured)} if honoured else {}
