"""The same training gives the same bits on every processor."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from golden import DIGESTS

pytest.importorskip("numba", reason="the extra 'fast' is not installed")

from core.training.compiled import cache
from core.training.compiled.cache import PORTABLE_PROCESSORS

ROOT = Path(__file__).parents[4]
IS_X86 = cache.platform.machine() == "x86_64"
HAS_AVX512 = "avx512f" in cache.processor().split()
# Two registers of AVX2 with FMA, AVX where FMA is a call of the C library, the processor of an
# image, and one register of AVX-512.
PROCESSORS = [
    "haswell",
    "ivybridge",
    PORTABLE_PROCESSORS["x86_64"],
    *(["skylake-avx512"] if HAS_AVX512 else []),
]


def run(*arguments: str, **environment: str) -> str:
    script = Path(__file__).with_name("golden.py")
    done = subprocess.run(
        [sys.executable, script, *arguments],
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
    assert run("", precision, **weaker) == DIGESTS[precision]


@pytest.mark.skipif(not IS_X86, reason="names of x86 processors")
@pytest.mark.parametrize("precision", ["float64"])
def test_other_processors_give_the_recorded_bits(precision, tmp_path):
    run(str(tmp_path), precision, *PROCESSORS)
    given = {name: run(str(tmp_path / name), precision) for name in PROCESSORS}
    assert given == dict.fromkeys(PROCESSORS, DIGESTS[precision])
