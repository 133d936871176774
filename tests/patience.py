"""Deadlines that scale with how busy the machine is.

A test waits for a condition, and its deadline only decides when to give up. Where a promise names a
time (*cancelled within a second*), the bound is the promised one on an idle machine, and as many
times longer as processes compete for each core.
"""

import math
import os

PRIORITY_STEP = 1.25
"""Linux gives a process this factor less time for each step of niceness (sched(7))."""
SLACK = 3.0
"""A process woken on a busy machine waits for several time slices, not for its average share."""

LONGEST = 60.0
"""Beyond it a test that cannot end would keep the others from beginning for hours."""


def stretch() -> float:
    """How many times longer than on an idle machine something may take now; at least 1."""
    with open("/proc/loadavg", encoding="ascii") as file:
        average, _, _, runnable, _ = file.read().split()
    competing = max(float(average), float(runnable.split("/")[0])) / (os.cpu_count() or 1)
    if competing <= 1.0:
        return 1.0
    return min(SLACK * competing * PRIORITY_STEP ** os.nice(0), LONGEST)


def patience(seconds: float, at_most: float = math.inf) -> float:
    """The seconds to wait, or to allow, for what takes at most `seconds` on an idle machine.

    `at_most` bounds what is waited for in full, or would leave its test no time to fail.
    """
    return min(seconds * stretch(), at_most)
