"""The bars of /check at full length: `make exercises-bars`, or with a share of it as argument."""

import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "core" / "solutions")]

import checker_bars as bars  # noqa: E402

from core.export.exercises import EXERCISE_FORMATS  # noqa: E402
from service.schemas.exercises.exercises import ExercisesRequest  # noqa: E402


def class_sets() -> None:
    """Print the seconds of ZIP files of 300 sheets with their keys."""
    for kind in ("forward", "backprop", "update", "relu_system"):
        request = ExercisesRequest.model_validate({"kind": kind, "seed": 7, "count": 300})
        begin = time.perf_counter()
        EXERCISE_FORMATS["zip"].write(request.handouts())
        print(f"300 sheets of {kind}: {time.perf_counter() - begin:.1f} s")


def main(share: float) -> None:
    """Print how many honest sheets are called wrong, and what is found of planted mistakes."""
    class_sets()
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
