"""How functions are compiled: no reordering of arithmetic, no interpreter lock, a cache on disk."""

from inspect import unwrap

from numba import njit
from numba.core.caching import CompileResultCacheImpl, FunctionCache, UserProvidedCacheLocator

from core.training.compiled.cache import directory, select_processor

select_processor()


def inlined(function):
    """Compile into every caller: for functions that work on registers."""
    return njit(error_model="numpy", nogil=True, forceinline=True)(unwrap(function))


def compiled(function):
    """Compile as a function of the module that calls it."""
    return njit(error_model="numpy", nogil=True)(unwrap(function))


def cached(function):
    """Compile for calls from Python, and keep the machine code in `cache.directory`."""
    function = unwrap(function)
    dispatcher = njit(error_model="numpy", nogil=True)(function)
    dispatcher._cache = _Cache(function)
    return dispatcher


class _Locator(UserProvidedCacheLocator):
    """One directory for all functions, which may be read-only once everything is compiled."""

    def __init__(self, py_func, py_file):
        self._py_file = py_file
        self._lineno = py_func.__code__.co_firstlineno
        self._cache_path = str(directory())

    @classmethod
    def from_function(cls, py_func, py_file):
        return cls(py_func, py_file)

    def ensure_cache_path(self):
        directory().mkdir(parents=True, exist_ok=True)


class _CacheFormat(CompileResultCacheImpl):
    _locator_classes = (_Locator,)


class _Cache(FunctionCache):
    _impl_class = _CacheFormat
