"""Networks out of ONNX models that are one chain of dense layers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from core.arrays import Array
from core.errors import InvalidFile
from core.export.network.onnx_operators import DOMAIN, OPERATORS, own_function
from core.neural_network import NeuralNetwork

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto, TensorProto

GEMM = {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0}
"""The attributes of Gemm where a node does not say them."""
ACTIVATION_OF = {
    (DOMAIN if operator.own else "", operator.op_type): activation
    for operators in OPERATORS.values()
    for activation, operator in operators.items()
} | {("", "Identity"): "identity"}


def read_onnx(content: bytes) -> NeuralNetwork:
    """The network in a model of `Gemm`, or `MatMul` and `Add`, and activations in a row.

    Raises `InvalidFile` naming the node that is something else, and what `NeuralNetwork` refuses.
    """
    from google.protobuf.message import DecodeError
    from onnx import load_model_from_string

    try:
        model = load_model_from_string(content)
    except (DecodeError, ValueError) as error:
        raise InvalidFile(f"the file is not an ONNX model: {error}") from None
    _require_own_functions(model)
    constants = {tensor.name: _array(tensor) for tensor in model.graph.initializer}
    weights: list[Array] = []
    biases: list[Array] = []
    activations: list[str] = []
    for node in _chain(model.graph, constants):
        if node.op_type == "Gemm":
            w, b = _gemm(node, constants)
        elif node.op_type == "MatMul":
            w = _constant(node, 1, constants).T
            b = np.zeros(len(w), w.dtype)
        elif node.op_type == "Add" and weights and activations[-1] == "identity":
            (name,) = [name for name in node.input if name in constants] or [""]
            biases[-1] = biases[-1] + np.atleast_1d(np.squeeze(_constant(node, name, constants)))
            continue
        else:
            activations[-1:] = [_activation(node, activations)]
            continue
        weights.append(w)
        biases.append(b)
        activations.append("identity")
    if not weights:
        raise InvalidFile("the model has no dense layer")
    dtype = np.float32 if all(w.dtype == np.float32 for w in weights) else np.float64
    for w, b in zip(weights, biases, strict=True):
        if w.ndim != 2 or b.ndim != 1:
            raise InvalidFile("the weights of a layer have two axes, and its biases one")
    return NeuralNetwork.from_parameters(weights, biases, activations, dtype)


def _require_own_functions(model: "ModelProto") -> None:
    """A function is known by its name alone, so its body has to be the one of that name."""
    known = {(DOMAIN, o.op_type) for table in OPERATORS.values() for o in table.values() if o.own}
    for function in model.functions:
        if (function.domain, function.name) not in known or function != own_function(function.name):
            raise InvalidFile(f"the model has a function {function.name[:80]!r} that is not known")


def _chain(graph: "GraphProto", constants: Mapping[str, Array]) -> "list[NodeProto]":
    """The nodes, each of which takes what the one before it gives."""
    inputs = [value.name for value in graph.input if value.name not in constants]
    if len(inputs) != 1 or len(graph.output) != 1:
        raise InvalidFile("the model needs exactly one input and one output")
    value = inputs[0]
    for node in graph.node:
        if [name for name in node.input if name not in constants] != [value]:
            raise InvalidFile(f"the node {node.name[:80]!r} does not continue a chain of layers")
        if len(node.output) != 1:
            raise InvalidFile(f"the node {node.name[:80]!r} has more than one output")
        value = node.output[0]
    if value != graph.output[0].name:
        raise InvalidFile("the last node does not give the output of the model")
    return list(graph.node)


def _gemm(node: "NodeProto", constants: Mapping[str, Array]) -> tuple[Array, Array]:
    """w, one row per unit, and b, with alpha and beta multiplied in."""
    given = GEMM | _attributes(node)
    if given["transA"]:
        raise InvalidFile(f"the node {node.name[:80]!r} transposes its input")
    w, alpha, beta = _constant(node, 1, constants), given["alpha"], given["beta"]
    w = w if given["transB"] else w.T
    b = _constant(node, 2, constants) if len(node.input) > 2 else np.zeros(len(w), w.dtype)
    return (w if alpha == 1.0 else alpha * w), (b if beta == 1.0 else beta * b)


def _activation(node: "NodeProto", before: list[str]) -> str:
    """The activation that a node is; raises `InvalidFile`."""
    name = ACTIVATION_OF.get((node.domain, node.op_type))
    if name is None or not before or before[-1] != "identity":
        raise InvalidFile(
            f"the node {node.name[:80]!r} is {node.op_type[:40]}; a network is a chain of Gemm, "
            "or MatMul and Add, each with an activation after it"
        )
    attributes = _attributes(node)
    if name == "softmax" and attributes.get("axis", -1) not in (-1, 1):
        raise InvalidFile("Softmax is not over the units of the layer")
    if name == "leaky_relu" and not node.domain:
        expected = np.float32(OPERATORS["float32"]["leaky_relu"].attributes["alpha"])
        if np.float32(attributes.get("alpha", expected)) != expected:
            raise InvalidFile(f"LeakyRelu has another slope than {expected:g}")
    return name


def _attributes(node: "NodeProto") -> dict[str, Any]:
    from onnx import helper

    return {
        attribute.name: helper.get_attribute_value(attribute)
        for attribute in node.attribute
        if attribute.name in {*GEMM, "axis"}
    }


def _constant(node: "NodeProto", at: int | str, constants: Mapping[str, Array]) -> Array:
    name = at if isinstance(at, str) else node.input[at] if at < len(node.input) else ""
    if name not in constants:
        raise InvalidFile(f"the node {node.name[:80]!r} has weights or biases that are no constant")
    return constants[name]


def _array(tensor: "TensorProto") -> Array:
    """A constant of the model; one in another file, as ONNX allows, is refused."""
    from onnx import TensorProto, numpy_helper

    if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
        raise InvalidFile(f"the tensor {tensor.name[:80]!r} is in another file")
    if tensor.data_type not in (TensorProto.DOUBLE, TensorProto.FLOAT):
        raise InvalidFile(f"the tensor {tensor.name[:80]!r} is neither DOUBLE nor FLOAT")
    try:
        return numpy_helper.to_array(tensor)
    except (ValueError, TypeError) as error:
        raise InvalidFile(f"the tensor {tensor.name[:80]!r} is not whole: {error}") from None
