"""The compiled kernels as functions, loaded from their object file by LLVM's linker.

Only llvmlite is imported, not numba: loading takes 0.1 s of processor time instead of 1.4 s, and
50 MB of memory less. A call releases the interpreter lock.
"""

import ctypes
from collections.abc import Callable
from functools import cache as remember
from pathlib import Path
from typing import Any

from core.arrays import Array
from core.training.compiled import cache
from core.training.compiled.entry_points import ENTRY_POINTS, EntryPoint, Kind, symbol

_C_TYPES: dict[Kind, Any] = {
    Kind.NUMBERS: ctypes.c_void_p,
    Kind.INDICES: ctypes.c_void_p,
    Kind.FLOATS: ctypes.c_void_p,
    Kind.INTEGER: ctypes.c_int64,
    Kind.FLOAT: ctypes.c_double,
}
_NUMBER_TYPES = {"float64": ctypes.c_double, "float32": ctypes.c_float}


@remember
def kernel(name: str, precision: str) -> Callable[..., Any]:
    """The entry point of that name; the kernels have to be compiled."""
    address = _linked(cache.object_path()).get_function_address(symbol(name, precision))
    if not address:
        raise LookupError(f"{cache.object_path()} has no {symbol(name, precision)}")
    return _prototype(ENTRY_POINTS[name], precision)(address)


def address(array: Array) -> int:
    """Of the first number of a contiguous array, which the caller keeps alive during the call."""
    if not array.flags.c_contiguous:
        raise ValueError("the array is not contiguous")
    return array.ctypes.data


def preload() -> None:
    """Load the kernels before they are needed, where they are compiled."""
    if cache.is_ready():
        _linked(cache.object_path())


@remember
def _linked(path: Path) -> Any:
    """The execution engine that owns the machine code, for as long as the process runs."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(str(path))
    engine.finalize_object()
    return engine


def _prototype(entry: EntryPoint, precision: str) -> Any:
    types = _C_TYPES | {Kind.NUMBER: _NUMBER_TYPES[precision]}
    return ctypes.CFUNCTYPE(types[entry.result], *(types[kind] for kind in entry.arguments))
