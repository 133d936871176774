"""Marks of Numbas and of /check on sheets with one slip: `make numbas-marks NUMBAS=… SHEETS=1000`.

NUMBAS is the folder of a copy of Numbas's repository; node runs its marker.
"""

import os
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "core" / "solutions")]

import numbas_marks  # noqa: E402

PER_RUN = 100
"""Sheets marked by one process of node."""


def main() -> None:
    """Print how many numbers both mark alike, and those that they do not."""
    runtime = numbas_marks.runtime()
    if runtime is None:
        sys.exit("set NUMBAS to a copy of the repository of Numbas, and install node")
    pairs = numbas_marks.sheets_with_slips(int(os.environ.get("SHEETS") or "1000"))
    total: Counter[str] = Counter()
    for start in range(0, len(pairs), PER_RUN):
        tally, differing = numbas_marks.compared(runtime, pairs[start : start + PER_RUN])
        total += tally
        for one in differing:
            print("  ", *one)
    numbers = total["alike"] + total["differing"]
    print(f"{len(pairs)} sheets, {numbers} numbers: {total['alike'] / numbers:.4%} alike")
    print(dict(total))


if __name__ == "__main__":
    main()
