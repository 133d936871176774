"""The kernels, compiled once for all tests."""

import subprocess
import sys

import pytest

from core.training.compiled import cache


@pytest.fixture(scope="session")
def compiled_kernels():
    """In a process of its own: the compiler is at work for longer than a test may be silent."""
    if not cache.is_ready():
        subprocess.run([sys.executable, "-m", "core.training.compiled.warm_up"], check=True)
