"""Networks from files: bit for bit what was written, and a named error for everything else."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_networks import question

from core.errors import InvalidFile, MathematicalError
from core.export.network.formats import NETWORK_FORMATS, NETWORK_READERS
from core.export.network.npz import read_npz
from core.neural_network import NeuralNetwork
from core.nn.activations import ACTIVATIONS

READABLE = sorted(NETWORK_READERS)


@pytest.fixture(params=READABLE)
def name(request):
    if not NETWORK_FORMATS[request.param].is_available:
        pytest.skip(f"{NETWORK_FORMATS[request.param].package} is not installed")
    return request.param


def bits(network: NeuralNetwork) -> list:
    return [
        (layer.weights.tobytes(), layer.weights.dtype, layer.biases.tobytes(), layer.activation)
        for layer in network.layers
    ]


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_what_is_written_is_read_bit_for_bit(name, activation, precision):
    coupled = ACTIVATIONS[activation].couples_units
    hidden = "identity" if coupled else activation
    network = question(hidden, activation, "squared", (3, 4, 4, 2)).network.astype(precision)
    written = NETWORK_FORMATS[name].write(network)
    read = NETWORK_READERS[name](written)
    assert bits(read) == bits(network)
    assert NETWORK_FORMATS[name].write(read) == written


@settings(max_examples=300)
@given(
    name=st.sampled_from(READABLE),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    keep=st.floats(0, 1) | st.just(1.0),
)
def test_a_damaged_file_is_read_or_refused(name, changes, keep):
    network = question("softplus", "leaky_relu", "squared").network
    if not NETWORK_FORMATS[name].is_available:
        return
    content = bytearray(NETWORK_FORMATS[name].write(network))
    for place, value in changes:
        content[int(place * (len(content) - 1))] = value
    try:
        read = NETWORK_READERS[name](bytes(content[: int(keep * len(content))]))
    except MathematicalError:
        return
    assert isinstance(read, NeuralNetwork)


@settings(max_examples=100)
@given(content=st.binary(max_size=300))
def test_bytes_of_any_kind_are_refused(content):
    for name in READABLE:
        if NETWORK_FORMATS[name].is_available:
            with pytest.raises(MathematicalError):
                NETWORK_READERS[name](content)


def archive(entries: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for entry, data in entries.items():
            file.writestr(f"{entry}.npy", data)
    return content.getvalue()


def npy(array) -> bytes:
    content = io.BytesIO()
    np.save(content, array, allow_pickle=True)
    return content.getvalue()


class Trap:
    """Sets a mark when it is unpickled."""

    sprung = False

    def __reduce__(self):
        return setattr, (Trap, "sprung", True)


def test_a_pickle_is_refused_and_not_executed():
    content = archive({"activations": npy(np.array([Trap()], dtype=object))})
    with pytest.raises(InvalidFile, match="pickled"):
        read_npz(content)
    assert not Trap.sprung


def test_a_file_that_inflates_beyond_the_limit_is_refused():
    content = archive({"weights_1": npy(np.zeros((1000, 1000)))})
    assert len(content) < 20_000
    with pytest.raises(InvalidFile, match="decompressed"):
        read_npz(content, max_bytes=2**20)


def test_a_header_that_announces_more_than_there_is_is_refused():
    whole = npy(np.zeros((2, 2)))
    lying = whole.replace(b"(2, 2), }", b"(2, 99999999999), }")[: len(whole)]
    with pytest.raises(InvalidFile):
        read_npz(archive({"activations": npy(np.array(["relu"])), "weights_1": lying}))


def test_a_chain_of_matmul_and_add_with_names_of_its_own_is_read():
    onnx = pytest.importorskip("onnx")
    make = onnx.helper
    w, b = np.arange(6.0).reshape(3, 2), np.array([0.5, -1.0])
    graph = make.make_graph(
        [
            make.make_node("MatMul", ["in", "W"], ["a"]),
            make.make_node("Add", ["B", "a"], ["c"]),
            make.make_node("Gemm", ["c", "V"], ["d"], alpha=0.5),
            make.make_node("Tanh", ["d"], ["out"]),
        ],
        "g",
        [make.make_tensor_value_info("in", onnx.TensorProto.DOUBLE, [1, 3])],
        [make.make_tensor_value_info("out", onnx.TensorProto.DOUBLE, [1, 1])],
        [
            onnx.numpy_helper.from_array(array, name)
            for name, array in (("W", w), ("B", b), ("V", np.array([[2.0], [4.0]])))
        ],
    )
    network = NETWORK_READERS["onnx"](make.make_model(graph).SerializeToString())
    x = np.array([[1.0, -0.5, 0.25]])
    assert network.forward(x).output == pytest.approx(
        np.tanh((x @ w + b) @ np.array([[1.0], [2.0]])), rel=1e-15
    )


def test_an_onnx_model_that_is_something_else_is_refused_by_the_name_of_the_node():
    onnx = pytest.importorskip("onnx")
    model = onnx.load_model_from_string(
        NETWORK_FORMATS["onnx"].write(question("relu", "identity", "squared").network)
    )
    model.graph.node[1].op_type = "Erf"
    with pytest.raises(InvalidFile, match=r"node_x_1.*Erf"):
        NETWORK_READERS["onnx"](model.SerializeToString())


def test_an_onnx_tensor_in_another_file_is_refused(tmp_path):
    onnx = pytest.importorskip("onnx")
    model = onnx.load_model_from_string(
        NETWORK_FORMATS["onnx"].write(question("relu", "identity", "squared").network)
    )
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    with pytest.raises(InvalidFile, match="another file"):
        NETWORK_READERS["onnx"](model.SerializeToString())


def test_a_function_of_a_known_name_with_another_body_is_refused():
    onnx = pytest.importorskip("onnx")
    network = question("softplus", "identity", "squared").network
    model = onnx.load_model_from_string(NETWORK_FORMATS["onnx"].write(network))
    model.functions[0].node[-1].op_type = "Sub"
    with pytest.raises(InvalidFile, match="Softplus"):
        NETWORK_READERS["onnx"](model.SerializeToString())
