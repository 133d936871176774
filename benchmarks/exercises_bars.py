"""The bars of /check at full length: `make exercises-bars`, or with a share of it as argument."""

import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "core" / "solutions")]

import checker_bars as bars  # noqa: E402


def main(share: float) -> None:
    """Print how many honest sheets are called wrong, and what is found of planted mistakes."""
    wrong, done = bars.honest(round(10_000 * share))
    print(f"honest sheets: {wrong.total()} of {done.total()} have a wrong number", dict(wrong))
    tally = bars.random_wrong(round(5_000 * share))
    print(f"random wrong numbers: {tally['certain']} of {tally['wrong']} get a certain name")
    results = bars.planted(max(2, round(30 * share)))
    total: Counter[str] = sum(results.values(), Counter())
    print("planted mistakes:", {name: total[name] for name in bars.COUNTED})
    for name, one in results.items():
        if one["named"] < one["planted"]:
            print("  ", name, dict(one))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
