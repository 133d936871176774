"""The file of compiled kernels: one per version of the sources, and read where it is read-only."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from golden import DIGESTS

from core.errors import ArithmeticUnavailable
from core.training.compiled import cache
from core.training.compiled.arithmetic import LANES
from core.training.compiled_backend.loading import compiled_backend
from core.training.config import TrainingConfig

ROOT = Path(__file__).parents[4]


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A copy of the sources, which a test may change."""
    copy = tmp_path / "compiled"
    shutil.copytree(cache._SOURCES, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(cache, "_SOURCES", copy)
    monkeypatch.setattr(cache, "_chosen", [])
    cache._path.cache_clear()
    yield copy
    cache._path.cache_clear()


def test_a_change_of_any_source_is_another_file(sources):
    before = cache.object_path()
    for path in sorted(sources.rglob("*.py")):
        cache._path.cache_clear()
        with path.open("a") as file:
            file.write("# changed\n")
        after = cache.object_path()
        assert after != before, path
        before = after


def test_the_portable_file_is_used_unless_there_is_that_for_this_processor(sources, monkeypatch):
    monkeypatch.setattr(cache, "is_installed", lambda: True)
    assert not cache.is_ready()
    native, portable = cache.object_path(), cache.portable_path()
    portable.parent.mkdir()
    for path in (portable, native):
        path.touch()
        assert cache.is_ready()
        assert cache.object_path() == path


def test_without_numba_the_training_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(cache, "_numba_version", lambda: None)
    assert not cache.is_ready()
    config = TrainingConfig((1, 1), ("identity",), arithmetic=LANES)
    x = np.ones((1, 1))
    with pytest.raises(ArithmeticUnavailable, match="not compiled here"):
        compiled_backend(config, x, x, np.zeros(2), np.zeros((0, 2)))


def test_a_processor_without_fma_is_not_used(monkeypatch):
    monkeypatch.setattr(cache.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(cache, "processor", lambda: "flags : fpu sse2 avx")
    assert not cache.is_installed()


@pytest.mark.usefixtures("compiled_kernels")
def test_a_cache_is_read_where_nobody_can_write(tmp_path):
    pytest.importorskip("numba", reason="the extra 'fast' is not installed")
    image = tmp_path / "image"
    image.mkdir()
    file = shutil.copy(cache.object_path(), image / "kernels.o")
    file.chmod(0o444)
    image.chmod(0o555)
    # Root writes everywhere, unless this capability is taken away.
    without_override = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    if without_override and not shutil.which("setpriv"):
        pytest.skip("no setpriv to take root's capability to write away")
    refused = subprocess.run([*without_override, "touch", image / "new"], capture_output=True)
    assert refused.returncode != 0
    script = Path(__file__).with_name("golden.py")
    done = subprocess.run(
        [*without_override, sys.executable, "-B", script, file, "float64"],
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert done.stdout == DIGESTS["float64"]
