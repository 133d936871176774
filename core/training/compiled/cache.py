"""Where compiled kernels are kept: a directory per version of their sources and per processor.

numba's own key covers the file of the called function only, so the name of the directory has a
digest of all sources. It lies beside them, so that an image brings it along, and so that a worker
finds it without any setting.
"""

import platform
import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PORTABLE_PROCESSORS = {"x86_64": "x86-64-v3", "aarch64": "generic", "arm64": "generic"}
"""What LLVM calls a processor that every machine of an architecture can do for; with FMA."""
COMPLETE = "complete"
"""The file that says that everything is compiled."""
_SOURCES = Path(__file__).parent


def is_ready() -> bool:
    """Whether numba is installed and all kernels are compiled for this processor."""
    return any(_is_complete(path) for path in (_native(), _portable()))


def is_installed() -> bool:
    """Whether numba is there to compile them, on a processor that can run them at speed."""
    return _numba_version() is not None and _has_fma()


def directory() -> Path:
    """The directory in use: that for this very processor, unless only the portable is complete."""
    if _chosen:
        return _chosen[0]
    portable_only = _is_complete(_portable()) and not _is_complete(_native())
    return _portable() if portable_only else _native()


def portable_directory() -> Path:
    """The directory of what every machine of this architecture can run, for an image."""
    return _portable()


_chosen: list[Path] = []


def use(path: Path) -> None:
    """Use that directory in this process, before anything is compiled."""
    _chosen[:] = [path]


def select_processor() -> None:
    """Have numba compile for the processor of `directory`, which is settled from now on."""
    from numba import config

    use(directory())
    if directory() == _portable():
        config.CPU_NAME, config.CPU_FEATURES = PORTABLE_PROCESSORS[platform.machine()], ""


def _is_complete(path: Path) -> bool:
    return is_installed() and (path / COMPLETE).exists()


def _native() -> Path:
    return _cache_path(processor(), _numba_version())


def _portable() -> Path:
    return _cache_path(PORTABLE_PROCESSORS.get(platform.machine(), ""), _numba_version())


@cache
def _cache_path(target: str, numba_version: str | None) -> Path:
    digest = sha256(f"{sys.version} {numba_version} {target}".encode())
    for path in sorted(_SOURCES.rglob("*.py")):
        digest.update(path.read_bytes())
    return _SOURCES / "__pycache__" / f"kernels-{digest.hexdigest()[:16]}"


@cache
def _numba_version() -> str | None:
    try:
        return f"{version('numba')} {version('llvmlite')}"
    except PackageNotFoundError:
        return None


@cache
def processor() -> str:
    """Model and features, which decide what LLVM compiles for."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    kept = ("vendor_id", "model", "cpu family", "flags", "CPU", "Features")
    return "\n".join(sorted({line for line in lines if line.startswith(kept)}))


def _has_fma() -> bool:
    """Whether a fused multiply-add is an instruction; without, it is a slow library call."""
    if platform.machine() not in PORTABLE_PROCESSORS:
        return False
    flags = processor().split()
    return platform.machine() != "x86_64" or ("fma" in flags and "avx2" in flags)
