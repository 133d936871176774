"""The same training gives the same bits on every processor."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from golden import DIGESTS

pytest.importorskip("numba", reason="the extra 'fast' is not installed")

from core.training.compiled import cache

ROOT = Path(__file__).parents[4]
IS_X86 = cache.platform.machine() == "x86_64"
HAS_AVX512 = "avx512f" in cache.processor().split()
# Two registers of AVX2 with FMA, one of AVX-512, and AVX where FMA is a call of the C library.
TARGETS = [
    ("haswell", "float32"),
    ("skylake-avx512" if HAS_AVX512 else "x86-64-v3", "float64"),
    ("ivybridge", "float64"),
]


def digest(directory: str, precision: str, **environment: str) -> str:
    script = Path(__file__).with_name("golden.py")
    done = subprocess.run(
        [sys.executable, script, directory, precision],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.usefixtures("compiled_kernels")
@pytest.mark.parametrize("precision", DIGESTS)
def test_this_processor_gives_the_recorded_bits_whatever_numpy_has(precision):
    weaker = {"OPENBLAS_CORETYPE": "Nehalem"} if IS_X86 else {}
    assert digest("", precision, **weaker) == DIGESTS[precision]


@pytest.mark.skipif(not IS_X86, reason="names of x86 processors")
@pytest.mark.parametrize(("target", "precision"), TARGETS)
def test_another_processor_gives_the_recorded_bits(target, precision, tmp_path):
    target_only = {"NUMBA_CPU_NAME": target, "NUMBA_CPU_FEATURES": ""}
    assert digest(str(tmp_path), precision, **target_only) == DIGESTS[precision]
