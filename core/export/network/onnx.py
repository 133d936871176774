"""A network as an ONNX model, in the dialect that OMLT reads.

A layer is `Gemm` with explicit alpha, beta and transB, and the operator of its activation; the
nodes have unique names, the input is `x`, the output `output`.
"""

import numpy as np

from core.arrays import Array
from core.export.network.onnx_operators import DOMAIN, OPERATORS, OPSET, own_function
from core.neural_network import NeuralNetwork

IR_VERSION = 8
"""The first with functions of the model's own."""
GEMM = {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 1}


def write_onnx(network: NeuralNetwork) -> bytes:
    """The model, in the precision of the network; `x` is (samples, d_in)."""
    from onnx import TensorProto, checker, helper, numpy_helper

    single = network.layers[0].weights.dtype == np.float32
    operators = OPERATORS["float32" if single else "float64"]
    element = TensorProto.FLOAT if single else TensorProto.DOUBLE
    initializers: dict[str, Array] = {}
    steps: list[tuple[str, list[str], str, str, dict[str, float | int]]] = []
    own: set[str] = set()
    below = "x"
    for number, layer in enumerate(network.layers, start=1):
        weights, biases, s = f"weights_{number}", f"biases_{number}", f"s_{number}"
        initializers |= {weights: layer.weights, biases: layer.biases}
        steps.append(("Gemm", [below, weights, biases], s, "", dict(GEMM)))
        below = s
        operator = operators.get(layer.activation.name)  # none for identity
        if operator is not None:
            domain, below = DOMAIN if operator.own else "", f"x_{number}"
            steps.append((operator.op_type, [s], below, domain, operator.attributes))
            own |= {operator.op_type} if operator.own else set()
    *earlier, (op_type, inputs, _, domain, attributes) = steps
    steps = [*earlier, (op_type, inputs, "output", domain, attributes)]
    nodes = [
        helper.make_node(
            op_type, inputs, [output], name=f"node_{output}", domain=domain, **attributes
        )
        for op_type, inputs, output, domain, attributes in steps
    ]
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info("x", element, ["samples", network.sizes[0]])],
        [helper.make_tensor_value_info("output", element, ["samples", network.sizes[-1]])],
        [numpy_helper.from_array(array, name) for name, array in initializers.items()],
    )
    opsets = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(
        graph,
        producer_name="chainrule",
        ir_version=IR_VERSION,
        opset_imports=[*opsets, helper.make_opsetid(DOMAIN, 1)] if own else opsets,
        functions=[own_function(op_type) for op_type in sorted(own)],
    )
    checker.check_model(model)
    return model.SerializeToString(deterministic=True)
