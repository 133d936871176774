"""`make chaos SECONDS=3600`: a storm of any length, and its verdict."""

import argparse
import asyncio
import secrets
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.acceptance.chaos.judge import broken_promises
from tests.acceptance.chaos.record import Record
from tests.acceptance.chaos.storm import storm


def main() -> int:
    """The exit code says whether every promise was kept."""
    options = argparse.ArgumentParser(prog="chaos")
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--seed", type=int, default=secrets.randbits(32))
    options.add_argument("--database-url", help="an empty database; by default SQLite in a file")
    chosen = options.parse_args()
    sys.stdout.write(f"seed {chosen.seed}, {chosen.seconds:g} s\n")
    with tempfile.TemporaryDirectory(prefix="chainrule-chaos-") as folder:
        record = asyncio.run(storm(Path(folder), chosen.seconds, chosen.seed, chosen.database_url))
    sys.stdout.write(summary(record))
    broken = broken_promises(record)
    sys.stdout.writelines(f"BROKEN: {sentence}\n" for sentence in broken)
    return 1 if broken else 0


def summary(record: Record) -> str:
    """What was done, and what became of the jobs."""
    ends = Counter(job["state"] if job else "forgotten" for job in record.final.values())
    attempts = max((job["attempt"] for job in record.final.values() if job), default=0)
    return (
        f"done: {record.deeds}\njobs: {dict(ends)}, at most {attempts} attempts\n"
        f"answers: {len(record.calls)}; streams: {len(record.streams)}, "
        f"{sum(map(len, record.streams.values()))} events\n"
        f"stops took at most {max(record.stops):.1f} s\n"
    )


if __name__ == "__main__":
    sys.exit(main())
