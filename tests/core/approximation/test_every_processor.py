"""The same bits on every processor: with NumPy's widest instructions, and without them."""

import os
import subprocess
import sys
from pathlib import Path

from processor_answers import answers

from tests.patience import patience

ROOT = Path(__file__).parents[3]
WIDE = "AVX2 FMA3 AVX512F AVX512_SKX AVX512_ICL X86_V3 X86_V4"
"""Names of old and new releases of NumPy, which warns of those that it does not know."""


def test_answers_do_not_depend_on_the_instructions_of_the_processor():
    without = subprocess.run(
        [sys.executable, "-m", "tests.core.approximation.processor_answers"],
        cwd=ROOT,
        env={**os.environ, "NPY_DISABLE_CPU_FEATURES": WIDE},
        capture_output=True,
        text=True,
        check=True,
        timeout=patience(30),
    )
    lines = without.stdout.split("\n")
    assert lines == list(answers())
    assert len(lines) > 50
    assert lines[-1].startswith("1.5000")
