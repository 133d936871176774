"""Compile the kernels into an object file: `python -m core.training.compiled.warm_up [--portable]`.

Takes about 20 seconds of one core, once per version and processor. `--portable` compiles for all
processors of this architecture that have AVX2 or NEON, for an image that runs elsewhere.
"""

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from core.training.compiled import cache
from core.training.compiled.entry_points import (
    ENTRY_POINTS,
    KERNELS,
    EntryPoint,
    Kind,
    symbol,
)

_RUNTIME = ("numba_", "NRT_", "Py")
"""What code of numba calls to report exceptions and to count references; kernels do neither."""


def compile_kernels(portable: bool = False) -> None:
    """Compile what is not there yet; raises `OSError` where it cannot be written."""
    path = cache.portable_path() if portable else cache.object_path()
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written under another name first: a file of that name is complete. Fails before it takes long.
    unfinished = path.with_suffix(f".{os.getpid()}")
    try:
        with unfinished.open("wb") as file:
            if path == cache.portable_path():
                cache.select_portable_processor()
            file.write(machine_code(KERNELS))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def machine_code(entry_points: Iterable[tuple[str, str]]) -> bytes:
    """An object file of these entry points, each with a precision, for numba's processor."""
    import llvmlite.binding as llvm
    from numba import config

    own = config.CPU_FEATURES is None
    return emitted(
        module_of(entry_points),
        config.CPU_NAME or llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten() if own else config.CPU_FEATURES,
    )


def module_of(entry_points: Iterable[tuple[str, str]]) -> Any:
    """The optimized LLVM module of these entry points, which needs the C library only."""
    import llvmlite.binding as llvm

    whole = llvm.parse_assembly("")
    for name, precision in entry_points:
        whole.link_in(_compiled(name, precision))
    declared = [function.name for function in whole.functions if function.is_declaration]
    for name in declared:
        if name.startswith(_RUNTIME):
            whole.link_in(llvm.parse_assembly(_never_called(name)))
    return whole


def emitted(module: Any, processor: str, features: str = "") -> bytes:
    """The module as an object file for the processor of that name, with LLVM's features."""
    import llvmlite.binding as llvm

    target = llvm.Target.from_default_triple()
    machine = target.create_target_machine(cpu=processor, features=features, opt=3, jit=True)
    code: bytes = machine.emit_object(module)
    return code


def _compiled(name: str, precision: str) -> Any:
    """The optimized module of one entry point, under its symbol."""
    import llvmlite.binding as llvm
    from numba import cfunc

    entry = ENTRY_POINTS[name]
    function = getattr(import_module(entry.module), name)
    compiled = cfunc(_signature(entry, precision), error_model="numpy", nogil=True)(function)
    module = llvm.parse_assembly(compiled.inspect_llvm())
    module.get_function(compiled.native_name).name = symbol(name, precision)
    return module


def _signature(entry: EntryPoint, precision: str) -> Any:
    from numba import types

    number = getattr(types, precision)
    of_kind = {
        Kind.NUMBERS: types.CPointer(number),
        Kind.INDICES: types.CPointer(types.int64),
        Kind.FLOATS: types.CPointer(types.float64),
        Kind.INTEGER: types.int64,
        Kind.FLOAT: types.float64,
        Kind.NUMBER: number,
    }
    return of_kind[entry.result](*(of_kind[kind] for kind in entry.arguments))


def _never_called(name: str) -> str:
    return f"""
        declare void @llvm.trap()
        define linkonce_odr void @{name}() {{
            call void @llvm.trap()
            unreachable
        }}"""


if __name__ == "__main__":
    compile_kernels("--portable" in sys.argv)
