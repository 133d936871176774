"""The tensors that a model takes and gives: x, the output, labels, and every s and x of a layer."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.arrays import Array
from core.nn.forward import Trace
from core.tables.column import text_of
from service.inference.errors import InvalidInference
from service.inference.request import InferenceRequest, RequestedOutput
from service.inference.response import DATATYPE_OF, OutputTensor
from service.models.model import ModelVersion
from service.models.prediction import Predictor

INPUT, OUTPUT, LABEL = "x", "output", "label"


def metadata(version: ModelVersion, versions: Sequence[int]) -> dict[str, Any]:
    """What the protocol says of a model; the input is the encoded row, as its parameters name it.

    The intermediate quantities s_1, x_1, … of the layers are given on request.
    """
    datatype = DATATYPE_OF[version.precision]

    def tensor(name: str, width: int) -> dict[str, Any]:
        return {"name": name, "datatype": datatype, "shape": [-1, width]}

    outputs = [tensor(OUTPUT, version.sizes[-1])]
    if version.schema.output.task == "classification":
        outputs.append({"name": LABEL, "datatype": "BYTES", "shape": [-1]})
    for number, width in enumerate(version.sizes[1:], start=1):
        outputs += [tensor(f"s_{number}", width), tensor(f"x_{number}", width)]
    inputs = tensor(INPUT, version.sizes[0])
    return {
        "name": version.name,
        "versions": [str(number) for number in versions],
        "platform": "chainrule",
        "inputs": [inputs | {"parameters": {"columns": list(version.schema.input_names)}}],
        "outputs": outputs,
    }


def input_rows(request: InferenceRequest, predictor: Predictor) -> Array:
    """x as (samples, d_in) in the precision of the network; raises `InvalidInference`."""
    width = predictor.network.sizes[0]
    if request.inputs.keys() != {INPUT}:
        given = ", ".join(map(repr, request.inputs)) or "none"
        raise InvalidInference(f"the inputs are {given}; the model has one, {INPUT!r}")
    x = request.inputs[INPUT]
    if x.ndim not in (1, 2) or x.shape[-1] != width:
        raise InvalidInference(
            f"the shape of {INPUT!r} is {list(x.shape)}; the model takes [rows, {width}]"
        )
    dtype = predictor.network.layers[0].weights.dtype
    with np.errstate(over="ignore"):  # the forward pass finds what is too large
        return np.asarray(x.reshape(-1, width), dtype)


def output_tensors(
    request: InferenceRequest, predictor: Predictor, trace: Trace
) -> list[OutputTensor]:
    """The outputs asked for, or `output` alone; raises `InvalidInference` for an unknown name."""
    is_single = request.inputs[INPUT].ndim == 1
    asked = request.outputs or [RequestedOutput(OUTPUT, request.binary_output)]
    is_plain = all(output.name == OUTPUT for output in asked)
    known = {OUTPUT: trace.output} if is_plain else _quantities(trace)
    found = []
    for output in asked:
        if output.name == LABEL and predictor.schema.output.task == "classification":
            labels: list[Any] = predictor.schema.labels(trace.output)
            texts = [text_of(label) for label in labels]
            found.append(OutputTensor(LABEL, texts, output.binary))
            continue
        if output.name not in known:
            raise InvalidInference(
                f"there is no output {output.name!r}; there are {', '.join(known)}"
            )
        values = known[output.name]
        found.append(OutputTensor(output.name, values[0] if is_single else values, output.binary))
    return found


def _quantities(trace: Trace) -> Mapping[str, Array]:
    """Every numeric output by its name."""
    return {
        OUTPUT: trace.output,
        **{f"s_{number}": s for number, s in enumerate(trace.s, start=1)},
        **{f"x_{number}": x for number, x in enumerate(trace.x[1:], start=1)},
    }
