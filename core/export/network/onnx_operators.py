"""The ONNX operator of every activation.

An activation that onnxruntime does not compute in double precision to the last digits is a function
of the model's own, in the domain `chainrule`: runtimes expand it into its standard operators.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.nn.activations import LEAK

if TYPE_CHECKING:
    from onnx import FunctionProto

DOMAIN = "chainrule"
OPSET = 17


class Operator(NamedTuple):
    """An operator type with its attributes; `own` where it is a function of the model."""

    op_type: str
    attributes: dict[str, float | int]
    own: bool = False


_SAME = {
    "relu": Operator("Relu", {}),
    "sigmoid": Operator("Sigmoid", {}),
    "tanh": Operator("Tanh", {}),
    "softmax": Operator("Softmax", {"axis": -1}),
}
OPERATORS: dict[str, dict[str, Operator]] = {
    "float32": _SAME
    | {
        "leaky_relu": Operator("LeakyRelu", {"alpha": LEAK}),
        "softplus": Operator("Softplus", {}),
    },
    # An attribute is a float32, so the slope 0.01 of LeakyRelu would be right to 8 digits only.
    "float64": _SAME
    | {
        "leaky_relu": Operator("LeakyRelu", {}, own=True),
        "softplus": Operator("Softplus", {}, own=True),
    },
}
"""By precision and activation; `identity` needs no operator."""


def own_function(op_type: str) -> "FunctionProto":
    """The body of an operator of the domain `chainrule`."""
    from onnx import helper

    steps = {"LeakyRelu": _LEAKY_RELU, "Softplus": _SOFTPLUS}[op_type]
    nodes = [
        helper.make_node(operation, inputs.split(), [output], **_constant(operation, value))
        for output, operation, inputs, value in steps
    ]
    opset = [helper.make_opsetid("", OPSET)]
    return helper.make_function(DOMAIN, op_type, ["s"], ["x"], nodes, opset)


def _constant(operation: str, value: float | None) -> dict[str, object]:
    from onnx import numpy_helper

    if operation != "Constant":
        return {}
    return {"value": numpy_helper.from_array(np.array(value, dtype=np.float64), "value")}


_LEAKY_RELU: tuple[tuple[str, str, str, float | None], ...] = (
    ("slope", "Constant", "", LEAK),
    ("scaled", "Mul", "s slope", None),
    ("x", "Max", "s scaled", None),
)
# max(s, 0) + log(1 + e) with e = exp(-|s|); log(1 + e) is e log(w) / (w - 1) with w = 1 + e
# rounded, which has no cancellation (Goldberg 1991, theorem 4).
_SOFTPLUS: tuple[tuple[str, str, str, float | None], ...] = (
    ("one", "Constant", "", 1.0),
    ("size", "Abs", "s", None),
    ("minus_size", "Neg", "size", None),
    ("e", "Exp", "minus_size", None),
    ("w", "Add", "one e", None),
    ("rounded_e", "Sub", "w one", None),
    ("log_w", "Log", "w", None),
    ("ratio", "Div", "log_w rounded_e", None),
    ("product", "Mul", "e ratio", None),
    ("is_tiny", "Equal", "w one", None),
    ("log1p", "Where", "is_tiny e product", None),
    ("positive", "Relu", "s", None),
    ("x", "Add", "positive log1p", None),
)
