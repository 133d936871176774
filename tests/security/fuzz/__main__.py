"""`make fuzz REQUESTS=1000000`: attack a service of its own until it has sent that many answers."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.acceptance.server import started
from tests.security.fuzz.siege import SETTINGS, besiege, complaints


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        started(Path(folder), **SETTINGS) as server,
    ):
        server.wait_until_ready()
        begin = time.monotonic()
        verdict = besiege(server, given.seed, requests=given.requests)
        unexpected = complaints(server.log)
        seconds = time.monotonic() - begin
    statuses = ", ".join(f"{status}: {n:,}" for status, n in sorted(verdict.answers.items()))
    sys.stdout.write(
        f"seed {given.seed}: {verdict.conversations:,} conversations in {seconds:,.0f} s, "
        f"{verdict.answers.total():,} answers ({statuses})\n"
    )
    for line in [*verdict.wrong, *unexpected]:
        sys.stdout.write(f"{line}\n")
    return 1 if verdict.wrong or unexpected else 0


if __name__ == "__main__":
    sys.exit(main())
