"""Data sets over HTTP: uploaded as CSV, JSON and npz, described, read by page, deleted."""

import csv
import gzip
import io
import json
from hashlib import sha256

import numpy as np
import pytest
from conversation import conversation
from problem import problem
from sklearn.datasets import load_iris

from service.datasets.errors import InvalidDataset
from service.datasets.readers.arrays_reader import read_npz
from service.jobs.runner.retention import Retention, expire_datasets

IRIS = load_iris()
SPECIES = [str(IRIS.target_names[k]) for k in IRIS.target]


def iris_csv(delimiter=","):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow([*IRIS.feature_names, "species"])
    writer.writerows([*row, name] for row, name in zip(IRIS.data.tolist(), SPECIES, strict=True))
    return file.getvalue().encode()


def post(client, content, media_type="text/csv", query="", **headers):
    return client.post(
        f"/datasets{query}", content=content, headers={"content-type": media_type} | headers
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with conversation(tmp_path_factory.mktemp("datasets")) as client:
        yield client


def test_a_csv_becomes_a_described_data_set(client):
    content = iris_csv()
    response = post(client, content, query="?name=iris")
    assert response.status_code == 201
    answer = response.json()
    assert response.headers["location"] == f"/datasets/{answer['id']}"
    assert client.get(response.headers["location"]).json() == answer
    assert (answer["name"], answer["rows"]) == ("iris", 150)
    assert answer["digest"] == sha256(content).hexdigest()
    assert answer["target"] == {
        "column": "species",
        "task": "classification",
        "reason": "its name is 'species'",
    }
    assert answer["first_rows"][0] == [5.1, 3.5, 1.4, 0.2, "setosa"]
    for column, values in zip(answer["columns"], IRIS.data.T, strict=False):
        assert column["kind"] == "number"
        assert column["range"] == [values.min(), values.max()]
        assert column["mean"] == pytest.approx(values.mean(), rel=1e-12)
        assert sum(column["histogram"]["counts"]) == 150
        assert len(column["histogram"]["edges"]) == len(column["histogram"]["counts"]) + 1
    names = ["setosa", "versicolor", "virginica"]
    assert answer["columns"][-1]["categories"] == [{"value": n, "count": 50} for n in names]


@pytest.mark.parametrize("coding", ["gzip", "identity"])
@pytest.mark.parametrize("start", [0, 140])
def test_rows_come_back_as_they_were_sent(client, coding, start):
    content = iris_csv(";")
    sent = gzip.compress(content) if coding == "gzip" else content
    place = post(client, sent, **{"content-encoding": coding}).headers["location"]
    page = client.get(f"{place}/rows?start={start}&limit=20").json()
    expected = [[*row, name] for row, name in zip(IRIS.data.tolist(), SPECIES, strict=True)]
    assert page["rows"] == expected[start : start + 20]
    assert page["next"] == (20 if start == 0 else None)
    text = client.get(f"{place}/rows?limit=1000", headers={"accept": "text/csv"})
    assert text.headers["content-type"] == "text/csv; charset=utf-8"
    header, *rows = csv.reader(io.StringIO(text.text))
    assert header == [*IRIS.feature_names, "species"]
    assert [[*map(float, row[:-1]), row[-1]] for row in rows] == expected


def npz(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


SAME = [
    ("text/csv", b"x1,x2,y\n1,2.5,a\n3,4.5,b\n"),
    ("text/csv; charset=utf-16", "x1,x2,y\n1,2.5,a\n3,4.5,b\n".encode("utf-16")),
    ("text/csv", b"\xef\xbb\xbfx1;x2;y\r\n1;2,5;a\r\n3;4,5;b\r\n"),
    ("text/tab-separated-values", b"x1\tx2\ty\n1\t2.5\ta\n3\t4.5\tb\n"),
    ("application/json", b'{"x": [[1, 2.5], [3, 4.5]], "y": ["a", "b"]}'),
    ("application/json", b'{"x": [[1, 2.5], [3, 4.5]], "y": [["a"], ["b"]]}'),
    ("application/json", b'{"columns": {"x1": [1, 3], "x2": [2.5, 4.5], "y": ["a", "b"]}}'),
    ("application/json", b'[{"x1": 1, "x2": 2.5, "y": "a"}, {"x1": 3, "x2": 4.5, "y": "b"}]'),
    ("application/x-npz", npz(x=np.array([[1, 2.5], [3, 4.5]]), y=np.array(["a", "b"]))),
]


@pytest.mark.parametrize(("media_type", "content"), SAME)
def test_every_format_gives_the_same_table(client, media_type, content):
    answer = post(client, content, media_type).json()
    assert [column["name"] for column in answer["columns"]] == ["x1", "x2", "y"]
    assert answer["first_rows"] == [[1, 2.5, "a"], [3, 4.5, "b"]]


@pytest.mark.parametrize(
    ("media_type", "content", "status", "pointer", "said"),
    [
        ("text/csv", b"a,b\n1,2\n3\n", 422, "/line/3/column/1", "line 3 has 1 field,"),
        ("text/csv", b"a\n\xff\n", 422, "/line/1", "charset=windows-1252"),
        ("text/csv", b"", 422, "/line/1", "empty"),
        ("application/json", b'{"x": [[1], [2, 3]]}', 422, "/x/1", "row 2 has 2 values"),
        ("application/json", b'[{"a": 1}, {"a": "b"}]', 422, "/1/a", "this is a text"),
        ("application/json", b'[{"a": [1]}]', 422, "/0/a", "not a number, a text"),
        ("application/json", b'{"x": [1, 1e999]}', 422, "/x", "beyond what a float"),
        ("application/json", b'{"x": [1], "y": [1, 2]}', 422, "", "'x' has 1 row,"),
        ("application/json", b"[1]", 422, "/0", "an object"),
        ("application/json", b"3", 422, "", "a data set in JSON is"),
        ("application/json", b'{"x": [1, NaN]}', 422, "/x/1", "NaN"),
        ("application/json", b'[{"\\u0000": 1}]', 422, "/\0", "printable"),
        ("application/x-npz", b"PK", 422, "", "not an .npz"),
        ("application/x-npz", npz(a=np.ones((2, 2, 2))), 422, "", "3 axes"),
        ("application/pdf", b"%PDF", 415, None, "text/csv"),
        ("text/csv; charset=ebcdic", b"a", 415, None, "charset"),
    ],
)
def test_what_is_no_table_is_refused(client, media_type, content, status, pointer, said):
    document = problem(post(client, content, media_type), status)
    assert said in document["detail"]
    if pointer is not None:
        assert [one["pointer"] for one in document["errors"]] == [pointer]


def test_nothing_is_unpickled(client):
    content = io.BytesIO()
    np.savez(content, a=np.array([{}], object))
    assert "object" in problem(post(client, content.getvalue(), "application/x-npz"), 422)["detail"]


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_a_damaged_archive_is_refused_or_read(save):
    file = io.BytesIO()
    save(file, x=np.arange(12.0).reshape(4, 3), y=np.array(list("abca")))
    whole = file.getvalue()
    generator = np.random.default_rng(0)
    refused = 0
    for _ in range(400):
        content = bytearray(whole)
        content[generator.integers(len(content))] = generator.integers(256)
        try:
            read_npz(bytes(content), lambda rows, columns: None)
        except InvalidDataset:
            refused += 1
    assert refused > 50


def test_limits_hold(tmp_path):
    settings = {"max_samples": 3, "max_dataset_bytes": 1024}
    with conversation(tmp_path, **settings) as client:
        assert post(client, b"a\n1\n2\n3\n").status_code == 201
        assert "4 rows" in problem(post(client, b"a\n1\n2\n3\n4\n"), 422)["detail"]
        problem(post(client, b"a\n" + b"1" * 1030), 413)


def test_a_data_set_is_listed_until_it_is_deleted(tmp_path):
    with conversation(tmp_path) as client:
        ids = [post(client, b"a,b\n1,2\n", query=f"?name=n{k}").json()["id"] for k in range(5)]
        first = client.get("/datasets?limit=3").json()
        second = client.get("/datasets", params={"limit": 3, "cursor": first["next"]}).json()
        assert [one["id"] for one in first["stored"] + second["stored"]] == ids[::-1]
        assert second["next"] is None
        assert client.delete(f"/datasets/{ids[0]}").status_code == 204
        for path in (f"/datasets/{ids[0]}", f"/datasets/{ids[0]}/rows", "/datasets/no/rows"):
            problem(client.get(path), 404)
        problem(client.delete(f"/datasets/{ids[0]}"), 404)
        problem(client.get("/datasets?cursor=bm90IG9uZQ"), 422)


def test_a_data_set_not_used_for_its_time_is_gone(tmp_path):
    with conversation(tmp_path, max_datasets=2) as client:
        ids = [post(client, b"a,b\n1,2\n").json()["id"] for _ in range(4)]
        store = client.app.state.job_system.store
        assert expire_datasets(store, Retention(datasets=2)) == 2
        assert [one["id"] for one in client.get("/datasets").json()["stored"]] == ids[:1:-1]
        assert expire_datasets(store, Retention(seconds=-10)) == 2


@pytest.mark.parametrize("text", [b"a,b\n1,x\n1,y\n1,x\n1,x\n", b'{"x": [1, 1], "y": ["x", "y"]}'])
def test_odd_columns_are_reported(client, text):
    kind = "text/csv" if text.startswith(b"a") else "application/json"
    warnings = " ".join(post(client, text, kind).json()["warnings"])
    assert "is constant" in warnings
    assert "single row" in warnings


def test_a_column_that_gives_the_target_away_is_reported(client):
    rows = [(k, "low" if k < 20 else "high", f"code {k // 20}") for k in range(40)]
    content = "a,target,b\n" + "".join(f"{k % 7},{t},{c}\n" for k, t, c in rows)
    warnings = post(client, content.encode()).json()["warnings"]
    assert [warning for warning in warnings if "gives 'target' away" in warning] == [
        "column 'b' alone gives 'target' away: is it known before the target is?"
    ]


def test_large_integers_and_names_of_any_script_survive(client):
    body = json.dumps([{"Größe ∂": 2**53 - 1, "名": "日本"}, {"Größe ∂": 2, "名": None}])
    place = post(client, body.encode(), "application/json").headers["location"]
    page = client.get(f"{place}/rows").json()
    assert page["columns"] == ["Größe ∂", "名"]
    assert page["rows"] == [[2**53 - 1, "日本"], [2, None]]
