"""Nanoseconds per call of an approximation in C: by bisection and in constant time.

`python benchmarks/c_lookup.py` needs gcc. The points are random, so that no branch can be foreseen;
each figure is the best of several passes over an array that stays in the cache.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from core.approximation.relu.c_header import c_header
from core.approximation.relu.interpolation import interpolate
from core.export.approximation.c_lookup import c_lookup

SEGMENTS = (16, 64, 512, 4096)
PROGRAM = """
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "bisection.h"
#include "lookup.h"
#define POINTS 4096
#define CALLS (1L << 24)
static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + 1e-9 * now.tv_nsec;
}
#define MEASURE(function) do {                                              \\
    double best = 1e9, sum = 0.0;                                           \\
    for (int pass = 0; pass < 7; pass++) {                                  \\
        double start = seconds();                                           \\
        for (long i = 0; i < CALLS; i++) sum += function(x[i % POINTS]);    \\
        double taken = seconds() - start;                                   \\
        best = taken < best ? taken : best;                                 \\
    }                                                                       \\
    printf("%.2f %.17g\\n", 1e9 * best / CALLS, sum);                        \\
} while (0)
int main(void) {
    static double x[POINTS];
    srand(1);
    for (int i = 0; i < POINTS; i++) x[i] = 1.1 * rand() / RAND_MAX - 0.05;
    MEASURE(bisection);
    MEASURE(lookup);
    return 0;
}
"""


def measured(segments: int, folder: Path) -> tuple[float, float]:
    """Nanoseconds per call: by bisection, and with the lookup."""
    generator = np.random.default_rng(0)
    grid = np.sort(generator.uniform(size=segments + 1)) + np.linspace(0, 1, segments + 1)
    grid = (grid - grid[0]) / (grid[-1] - grid[0])
    pieces = interpolate(grid, np.sin(9 * grid)).segments
    (folder / "bisection.h").write_text(c_header(pieces, "bisection"))
    (folder / "lookup.h").write_text(c_lookup(pieces, "lookup"))
    (folder / "main.c").write_text(PROGRAM)
    compiler = shutil.which("gcc") or "gcc"
    build = [compiler, "-std=c99", "-O2", "main.c", "-o", "main"]
    subprocess.run(build, cwd=folder, check=True)  # noqa: S603 - our own program
    lines = subprocess.run(  # noqa: S603
        [folder / "main"], cwd=folder, check=True, capture_output=True, text=True
    )
    (by_bisection, first), (by_lookup, second) = map(str.split, lines.stdout.splitlines())
    if first != second:
        raise ValueError(f"the sums of the two functions are {first} and {second}")
    return float(by_bisection), float(by_lookup)


def main() -> None:
    """Print a line for each number of segments."""
    print("segments  bisection/ns  lookup/ns")
    for segments in SEGMENTS:
        with tempfile.TemporaryDirectory() as folder:
            by_bisection, by_lookup = measured(segments, Path(folder))
        print(f"{segments:8}  {by_bisection:12.2f}  {by_lookup:9.2f}")


if __name__ == "__main__":
    main()
