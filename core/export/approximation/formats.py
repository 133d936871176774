"""The table of formats in which an approximation is written; its network has all those of one."""

from collections.abc import Callable, Mapping

from core.approximation.relu.c_header import c_header
from core.approximation.result import Approximation
from core.errors import TooLong
from core.export.approximation.c_integer import write_c_integer
from core.export.approximation.c_lookup import write_c_lookup
from core.export.approximation.linear_model import LinearModel, big_m, sos2
from core.export.approximation.lp import write_lp
from core.export.approximation.mps import write_mps
from core.export.approximation.solver_source import write_linopy, write_pyomo
from core.export.approximation.vnnlib import write_vnnlib
from core.export.file_format import FileFormat
from core.export.network.formats import NETWORK_FORMATS, PYTHON
from core.neural_network import NeuralNetwork

C, LP, MPS = "text/x-c", "text/x-lp", "text/x-mps"


MAX_POINTS = 100_000
"""Of a model, a property or a table in C; more is nothing that a solver or a compiler takes."""


def _bounded(write: Callable[[Approximation], bytes]) -> Callable[[Approximation], bytes]:
    """The same writer, which raises `TooLong` for more than `MAX_POINTS` points or samples."""

    def write_short(approximation: Approximation) -> bytes:
        samples = 0 if approximation.table is None else len(approximation.table.x)
        points = max(len(approximation.grid), samples)
        if points > MAX_POINTS:
            raise TooLong(
                f"there are {points:,} points, and this format holds at most {MAX_POINTS:,}; "
                "take npz, safetensors or onnx",
                ("query", "format"),
            )
        return write(approximation)

    return write_short


def _header(approximation: Approximation) -> bytes:
    return c_header(approximation.segments).encode()


def _model(
    build: Callable[[Approximation], LinearModel], write: Callable[[LinearModel], bytes]
) -> Callable[[Approximation], bytes]:
    return _bounded(lambda approximation: write(build(approximation)))


def _network(write: Callable[[NeuralNetwork], bytes]) -> Callable[[Approximation], bytes]:
    return lambda approximation: write(approximation.relu_sum.as_network())


APPROXIMATION_FORMATS: Mapping[str, FileFormat[Approximation]] = (
    {
        "c": FileFormat(C, "h", _header),
        "c_lookup": FileFormat(C, "h", _bounded(write_c_lookup)),
        "c_integer": FileFormat(C, "h", _bounded(write_c_integer)),
        "lp": FileFormat(LP, "lp", _model(big_m, write_lp)),
        "lp_sos2": FileFormat(LP, "lp", _model(sos2, write_lp)),
        "mps": FileFormat(MPS, "mps", _model(big_m, write_mps)),
        "mps_sos2": FileFormat(MPS, "mps", _model(sos2, write_mps)),
        "vnnlib": FileFormat("text/x-vnnlib", "vnnlib", _bounded(write_vnnlib)),
    }
    | {
        name: FileFormat(
            network_format.media_type,
            network_format.suffix,
            _network(network_format.write),
            network_format.package,
        )
        for name, network_format in NETWORK_FORMATS.items()
    }
    | {
        "pyomo": FileFormat(PYTHON, "py", _bounded(write_pyomo)),
        "linopy": FileFormat(PYTHON, "py", _bounded(write_linopy)),
    }
)
