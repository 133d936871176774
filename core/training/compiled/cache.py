"""Where the compiled kernels are: an object file per version of their sources and per processor.

Its name has a digest of all sources, so that code of another version is never loaded. It lies
beside them, so that an image brings it along, and so that a worker finds it without any setting.
"""

import platform
import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PORTABLE_PROCESSORS = {"x86_64": "x86-64-v3", "aarch64": "generic", "arm64": "generic"}
"""What LLVM calls a processor that every machine of an architecture can do for; with FMA."""
_SOURCES = Path(__file__).parent


def is_ready() -> bool:
    """Whether numba is installed and all kernels are compiled for this processor."""
    return is_installed() and object_path().exists()


def is_installed() -> bool:
    """Whether numba is there to compile them, on a processor that can run them at speed."""
    return _numba_version() is not None and _has_fma()


def object_path() -> Path:
    """The file in use: that for this very processor, unless there is only the portable one."""
    if _chosen:
        return _chosen[0]
    return portable_path() if portable_path().exists() and not _native().exists() else _native()


def portable_path() -> Path:
    """The file with what every machine of this architecture can run, for an image."""
    return _path(PORTABLE_PROCESSORS.get(platform.machine(), ""), _numba_version())


_chosen: list[Path] = []


def use(path: Path) -> None:
    """Use that file in this process."""
    _chosen[:] = [path]


def select_portable_processor() -> None:
    """Have numba compile for `PORTABLE_PROCESSORS`; before the kernels are imported."""
    from numba import config

    config.CPU_NAME, config.CPU_FEATURES = PORTABLE_PROCESSORS[platform.machine()], ""


def _native() -> Path:
    return _path(processor(), _numba_version())


@cache
def _path(target: str, numba_version: str | None) -> Path:
    digest = sha256(f"{sys.version} {numba_version} {target}".encode())
    for path in sorted(_SOURCES.rglob("*.py")):
        digest.update(path.read_bytes())
    return _SOURCES / "__pycache__" / f"kernels-{digest.hexdigest()[:16]}.o"


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
