"""Clients of the Open Inference Protocol that others wrote, unmodified, against a real server.

`make clients` installs kserve and MLServer in environments of their own: they pin other versions of
what the service needs.
"""

import json
import subprocess
import time
from pathlib import Path

import httpx
import numpy as np
import pytest
from served import served

from core.neural_network import NeuralNetwork
from tests.patience import patience
from tests.service.test_inference_protocol import document

ROOT = Path(__file__).parents[2]
NETWORK = NeuralNetwork.from_sizes((2, 16, 1), ["tanh", "sigmoid"], np.random.default_rng(5))
X = np.random.default_rng(6).normal(size=(100, 2))
EXPECTED = NETWORK.forward(X).output


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A server with a model, by an HTTP client."""
    with (
        served(tmp_path_factory.mktemp("server")) as server,
        httpx.Client(base_url=server.address, timeout=60) as client,
    ):
        until(lambda: client.get("/health/ready").status_code == 200)
        question = {"name": "net", "network": document(NETWORK), "classes": ["no", "yes"]}
        assert client.post("/models", json=question).status_code == 201
        yield client


@pytest.fixture
def address(client):
    return str(client.base_url)


def until(condition):
    deadline = time.monotonic() + patience(60)
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def triton(address):
    triton = pytest.importorskip("tritonclient.http", reason="tritonclient[http] is not installed")
    client = triton.InferenceServerClient(address.removeprefix("http://"))
    yield triton, client
    client.close()


def test_triton_finds_server_and_model(triton):
    _, client = triton
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("net")
    assert client.is_model_ready("net", "1")
    assert not client.is_model_ready("none")
    assert client.get_server_metadata()["name"] == "chainrule"
    metadata = client.get_model_metadata("net", "latest")
    (x,) = metadata["inputs"]
    assert (x["name"], x["datatype"], x["shape"]) == ("x", "FP64", [-1, 2])


@pytest.mark.parametrize("binary_in", [True, False])
@pytest.mark.parametrize("binary_out", [True, False])
@pytest.mark.parametrize("compression", [None, "gzip", "deflate"])
def test_triton_gets_the_very_bits(triton, binary_in, binary_out, compression):
    module, client = triton
    x = module.InferInput("x", X.shape, "FP64")
    x.set_data_from_numpy(X, binary_data=binary_in)
    names = ("output", "s_1", "label")
    result = client.infer(
        "net",
        [x],
        outputs=[module.InferRequestedOutput(name, binary_data=binary_out) for name in names],
        request_id="7",
        request_compression_algorithm=compression,
        response_compression_algorithm=compression,
    )
    assert result.get_response()["id"] == "7"
    assert result.as_numpy("output").tobytes() == EXPECTED.tobytes()
    assert result.as_numpy("s_1").tobytes() == NETWORK.forward(X).s[0].tobytes()
    assert texts(result.as_numpy("label")) == ["yes" if p >= 0.5 else "no" for p in EXPECTED[:, 0]]


def texts(labels):
    """Labels as texts: the client gives bytes of what came as bytes."""
    return [label.decode() if isinstance(label, bytes) else label for label in labels.tolist()]


@pytest.mark.parametrize("dtype", [np.float32, np.int32, np.int64, np.uint8])
def test_triton_sends_other_numbers(triton, dtype):
    module, client = triton
    utils = pytest.importorskip("tritonclient.utils")
    values = np.array([[0, 1], [2, 3]], dtype=dtype)
    x = module.InferInput("x", values.shape, utils.np_to_triton_dtype(dtype))
    x.set_data_from_numpy(values)
    result = client.infer("net", [x])
    expected = NETWORK.forward(values.astype(np.float64)).output
    assert result.as_numpy("output").tobytes() == expected.tobytes()


def test_triton_reads_our_errors(triton):
    module, client = triton
    utils = pytest.importorskip("tritonclient.utils")
    x = module.InferInput("y", X.shape, "FP64")
    x.set_data_from_numpy(X)
    with pytest.raises(utils.InferenceServerException, match="'x'"):
        client.infer("net", [x])
    with pytest.raises(utils.InferenceServerException, match="none"):
        client.get_model_metadata("none")


def test_from_a_csv_to_triton(client, triton):
    datasets = pytest.importorskip("sklearn.datasets")
    iris = datasets.load_iris()
    names = [iris.target_names[k] for k in iris.target]
    lines = ["sepal length,sepal width,petal length,petal width,species"]
    lines += [",".join([*map(str, row), name]) for row, name in zip(iris.data, names, strict=True)]
    headers = {"Content-Type": "text/csv"}
    dataset = client.post("/datasets", content="\n".join(lines), headers=headers).json()
    data = {"dataset": dataset["id"], "target": "species"}
    path = client.post("/train", json={"data": data}).headers["location"]
    until(lambda: client.get(path).json()["finished_at"])
    question = {"name": "iris", "job": path.removeprefix("/train/")}
    version = client.post("/models", json=question).json()
    assert version["output"]["classes"] == list(iris.target_names)
    rows = [dict(zip(lines[0].split(","), row, strict=False)) for row in iris.data.tolist()]
    answer = client.post("/models/iris/predict", json={"rows": rows}).json()
    assert np.mean(np.array(answer["predictions"]) == names) > 0.9
    as_csv = client.post("/models/iris/predict", content="\n".join(lines), headers=headers).text
    assert [line.split(",")[0] for line in as_csv.splitlines()[1:]] == answer["predictions"]
    module, inference = triton
    x = module.InferInput("x", iris.data.shape, "FP64")
    x.set_data_from_numpy(iris.data)
    asked = [module.InferRequestedOutput(name) for name in ("label", "output")]
    result = inference.infer("iris", [x], outputs=asked)
    assert texts(result.as_numpy("label")) == answer["predictions"]
    assert result.as_numpy("output").tolist() == answer["probabilities"]


KSERVE = """
import asyncio, json, sys
import numpy as np
from kserve import InferInput, InferRequest, RESTConfig, InferenceRESTClient

async def main(address, rows):
    client = InferenceRESTClient(RESTConfig(protocol="v2", retries=0))
    x = np.array(rows)
    found = {
        "live": await client.is_server_live(address),
        "ready": await client.is_server_ready(address),
        "model": await client.is_model_ready(address, "net"),
        "none": await client.is_model_ready(address, "none"),
    }
    for binary in (False, True):
        tensor = InferInput("x", list(x.shape), "FP64")
        tensor.set_data_from_numpy(x, binary_data=binary)
        request = InferRequest("net", [tensor], request_id="7")
        response = await client.infer(address, request, model_name="net")
        found[f"output {binary}"] = response.outputs[0].as_numpy().tolist()
    try:
        wrong = InferInput("y", [1, 2], "FP64", data=[1.0, 2.0])
        await client.infer(address, InferRequest("net", [wrong]), model_name="net")
    except Exception as error:
        found["error"] = str(error)
    await client.close()
    print(json.dumps(found))

asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
"""


def environment_of(name, program):
    path = ROOT / f".venv-{name}" / "bin" / program
    if not path.exists():
        pytest.skip(f"{path.relative_to(ROOT)} is not installed: make clients")
    return str(path)


def test_kserve_gets_the_very_numbers(address):
    python = environment_of("kserve", "python")
    done = subprocess.run(
        [python, "-W", "ignore", "-c", KSERVE, address, json.dumps(X.tolist())],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["live"], found["ready"], found["model"]) == (True, True, True)
    assert found["none"] is False
    assert np.array(found["output False"]).tobytes() == EXPECTED.tobytes()
    assert np.array(found["output True"]).tobytes() == EXPECTED.tobytes()
    assert "'x'" in found["error"]


@pytest.mark.parametrize("binary", [True, False])
def test_mlserver_infers_a_file_of_requests(address, binary, tmp_path):
    command = environment_of("mlserver", "mlserver")
    requests = [
        {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "FP64", "data": row}]}
        for row in X.tolist()
    ]
    (tmp_path / "in").write_text("\n".join(map(json.dumps, requests)))
    done = subprocess.run(
        [command, "infer", "-u", address.removeprefix("http://"), "-m", "net", "-w", "2",
         "-i", tmp_path / "in", "-o", tmp_path / "out", *(["-b"] if binary else [])],
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert len(answers) == len(X)
    by_number = {answer["parameters"]["batch_index"]: answer for answer in answers}
    found = [by_number[k]["outputs"][0]["data"] for k in range(len(X))]
    # A product of one row is summed up in another order than one of a hundred.
    assert found == [NETWORK.forward(row).output[0].tolist() for row in X]
