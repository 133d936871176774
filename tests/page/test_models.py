"""Models: from a table to a prediction that every client gets alike."""

import ast
import subprocess
import sys

import httpx
import pytest
from playwright.sync_api import expect

from tests.page.networks import shown, value_of

pytestmark = pytest.mark.browser

STATE = "part/table_training.js"

MACHINES = "Maschine;Temperatur;Druck;läuft\n" + "".join(
    f"M{k % 3};{20 + k},5;{(k * 7) % 11};{'ja' if k % 2 else 'nein'}\n" for k in range(40)
)


def trained(visit):
    expect(visit.page.get_by_text("Trained, ")).to_be_visible()
    return visit.module(STATE, "m => m.job.value")


def upload(visit, name, text):
    visit.page.get_by_label("Open a CSV").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    )


def test_iris_opens_with_the_column_that_gives_it_away_left_out(visit):
    visit.open("#models")
    page = visit.page
    expect(page.get_by_label("use of id")).to_have_value("out")
    expect(page.get_by_label("use of species")).to_have_value("target")
    job = trained(visit)
    assert "id" not in job["training"]["data"]["features"]
    page.get_by_role("button", name="Use it anyway").click()
    expect(page.get_by_label("use of id")).to_have_value("input")
    page.wait_for_function("() => document.querySelectorAll('.side .field').length === 5")


def test_a_visit_finds_the_training_of_the_visit_before(visit, open_visit):
    jobs = set()
    for one in (visit, open_visit()):
        one.open("#models")
        jobs.add(trained(one)["id"])
    assert len(jobs) == 1


def test_what_the_page_predicts_is_what_the_service_predicts(visit, client):
    visit.open("#models")
    page = visit.page
    job = trained(visit)
    page.get_by_label("petal_length", exact=True).fill("4,9")
    page.get_by_label("petal_width", exact=True).fill("1.6")
    row = {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 4.9, "petal_width": 1.6}
    answer = client.post(f"/train/{job['id']}/predict", json={"rows": [row]}).json()
    expect(page.locator(".probs .top span")).to_have_text(answer["predictions"][0])
    shares = answer["probabilities"][0]
    for place, share in enumerate(shares):
        said = shown(share, 1 if share < 1e-3 else 4)
        expect(page.locator(".probs b").nth(place)).to_have_text(said)
    page.get_by_label("petal_width", exact=True).fill("99")
    expect(page.get_by_text("beyond the rows of the table")).to_be_visible()


def test_a_model_is_saved_with_versions_and_an_alias_and_taken_as_a_file(visit, client):
    visit.open("#models")
    page = visit.page
    trained(visit)
    page.get_by_label("name of the model").fill("flowers")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Saved")).to_be_visible()
    page.get_by_role("button", name="Point it at version 1").click()
    expect(page.get_by_text("champion → 1")).to_be_visible()
    page.get_by_label("seed", exact=True).fill("3")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save the next version").click()
    expect(page.get_by_role("group", name="Version").get_by_role("button")).to_have_count(2)
    model = client.get("/models/flowers").json()
    assert (model["latest"], model["aliases"]) == (2, {"champion": 1})
    with page.expect_download() as download:
        page.get_by_role("button", name="JavaScript").last.click()
    assert download.value.suggested_filename == "flowers.mjs"


def test_the_confusion_table_is_that_of_the_evaluation(visit, client):
    visit.open("#models")
    page = visit.page
    job = trained(visit)
    found = client.get(f"/train/{job['id']}/evaluation").json()["test"]["classification"]
    expect(page.locator(".halves .count")).to_have_text(str(found["right"]))
    rows = page.locator(".confusion tbody tr")
    counts = [
        [int(text) for text in row.locator("td:not(.m)").all_text_contents()] for row in rows.all()
    ]
    assert counts == found["confusion"]
    recall = [value_of(text) for text in page.locator(".confusion tbody .m").all_text_contents()]
    diagonal = [row[k] for k, row in enumerate(counts)]
    truth = [sum(row) for row in counts]
    assert recall == pytest.approx(
        [n / of for n, of in zip(diagonal, truth, strict=True)], rel=2e-3
    )
    said = [sum(column) for column in zip(*counts, strict=True)]
    precision = page.locator(".confusion tfoot td:not(.m)").all_text_contents()
    assert [value_of(text) for text in precision] == pytest.approx(
        [n / of for n, of in zip(diagonal, said, strict=True)], rel=2e-3
    )


def test_a_wrong_row_is_listed_predicted_and_worked_out_by_hand(visit, client):
    visit.open("#models")
    page = visit.page
    job = trained(visit)
    page.get_by_label("rows that are judged").select_option("training")
    page.get_by_role("button", name="rows of versicolor predicted as virginica").click()
    page.get_by_role("button", name="Put row").first.click()
    expect(page.locator(".picked")).to_contain_text("versicolor in the table")
    expect(page.locator(".probs .top span")).to_have_text("virginica")
    page.get_by_role("button", name="Step by hand").click()
    expect(page.get_by_role("heading", name="Backpropagation, step by step")).to_be_visible()
    state = visit.module("part/by_hand_state.js", "m => m.byHand.value")
    assert state["layers"] == client.get(f"/train/{job['id']}/network").json()["layers"]
    rows = client.get(f"/train/{job['id']}/data").json()
    place = rows["x"].index(state["x"])
    assert (state["y"], rows["part"][place]) == ([0, 1, 0], "training")


def test_a_file_of_rows_is_answered_by_a_file(visit, client, tmp_path):
    visit.open("#models")
    page = visit.page
    job = trained(visit)
    table = "sepal_length,sepal_width,petal_length,petal_width\n5,3,1,0.2\n6,2.7,5.1,1.6\n"
    with page.expect_download() as download:
        page.get_by_label("Predict a file").set_input_files(
            {"name": "mine.csv", "mimeType": "text/csv", "buffer": table.encode()}
        )
    assert download.value.suggested_filename == "mine-predicted.csv"
    download.value.save_as(tmp_path / "answer.csv")
    answer = client.post(
        f"/train/{job['id']}/predict", content=table, headers={"content-type": "text/csv"}
    )
    assert (tmp_path / "answer.csv").read_bytes() == answer.content


def test_the_inference_protocol_and_every_file_say_what_the_page_says(visit, client, tmp_path):
    visit.open("#models")
    page = visit.page
    trained(visit)
    page.get_by_label("name of the model").fill("protocol")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("By the Open Inference Protocol").click()
    request = page.locator(".inference .request")
    expect(request).to_be_visible()
    page.wait_for_function("() => document.querySelectorAll('.probs b').length === 3")
    said = page.locator(".probs .top span").text_content()
    request.get_by_role("tab", name="Python").click()
    code = request.get_by_role("tabpanel").text_content()
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    outputs = {one["name"]: one["data"] for one in ast.literal_eval(ran.stdout)["outputs"]}
    assert outputs["label"] == [said]
    body = visit.module("part/predict.js", "m => m.predicted.value")
    assert outputs["output"] == pytest.approx(body["probabilities"][0], abs=1e-12)
    file = visit.module(
        "part/predict.js",
        """async (m, a) => {
            const file = await import(a.file);
            return file.predict(a.x);
        }""",
        {"file": "/models/protocol/network?format=javascript", "x": [5.1, 3.5, 1.4, 0.2]},
    )
    assert list(file) == pytest.approx(body["probabilities"][0], abs=1e-12)


def test_missing_values_are_filled_or_their_rows_left_out(visit):
    visit.expected += ("422",)  # of the first row, whose gap is filled no more
    visit.open("#models")
    page = visit.page
    trained(visit)
    rows = "".join(f"{k},{'' if k % 5 == 0 else k % 7},{k * 0.5 + 1}\n" for k in range(60))
    upload(visit, "gaps.csv", "a,b,goal\n" + rows)
    expect(page.get_by_label("use of goal")).to_have_value("target")
    menu = page.get_by_role("combobox", name="missing values")
    expect(menu).to_have_value("mean")
    expect(page.get_by_text("Trained, ")).to_be_visible()
    expect(page.locator(".measures tbody td")).to_have_count(3)
    expect(page.locator(".scatter circle")).to_have_count(12)
    menu.select_option("drop")
    expect(page.get_by_text("10 test rows")).to_be_visible()


def test_an_own_table_with_semicolons_and_decimal_commas(visit):
    visit.open("#models")
    page = visit.page
    trained(visit)
    upload(visit, "maschinen.csv", MACHINES)
    expect(page.get_by_label("use of läuft")).to_have_value("target")
    row = page.locator(".columns tr", has_text="Temperatur")
    expect(row).to_contain_text("20.5 to 59.5")
    page.get_by_role("combobox", name="Maschine", exact=True).select_option("M2")
    expect(page.locator(".probs .top")).to_be_visible()


def test_three_classes_of_ten_thousand_rows_are_trained_on(visit):
    visit.open("#models")
    page = visit.page
    trained(visit)
    kinds = ("low", "middle", "high")
    rows = ((k % 100, k // 100, kinds[(k % 100 + k // 100) // 67]) for k in range(10_000))
    upload(visit, "large.csv", "a,b,kind\n" + "".join(f"{a},{b},{kind}\n" for a, b, kind in rows))
    expect(page.get_by_label("use of kind")).to_have_value("target")
    expect(page.locator(".confusion").get_by_text("middle").first).to_be_visible()
    job = trained(visit)
    sizes = job["training"]["sizes"]
    assert (sizes[0], sizes[-1]) == (2, 3)
    assert job["metrics"]["accuracy"] > 0.9


def test_a_ragged_line_is_named_and_the_old_table_stays(visit):
    visit.expected += ("422",)
    visit.open("#models")
    trained(visit)
    upload(visit, "bad.csv", "a;b\n1;2\n3;4;5\n")
    expect(visit.page.get_by_role("alert")).to_contain_text("ine 3 has 3 fields")
    expect(visit.page.get_by_label("use of species")).to_be_visible()


def test_names_of_columns_are_never_markup(visit, client):
    visit.open("#models")
    trained(visit)
    rows = "".join(f"{k},{k % 7},{k % 2}\n" for k in range(30))
    upload(visit, "names.csv", "__proto__,=1+1<img src=x onerror=alert(1)>,y\n" + rows)
    expect(visit.page.get_by_label("use of __proto__")).to_be_visible()
    expect(visit.page.locator("main img")).to_have_count(0)
    expect(visit.page.get_by_text("Trained, ")).to_be_visible()
    stored = httpx.get(f"{visit.origin}/datasets").json()["stored"][0]
    assert stored["columns"][0] == "__proto__"


def test_the_split_is_moved_by_keyboard(visit):
    visit.open("#models")
    trained(visit)
    handle = visit.page.get_by_role("slider", name="end of the training rows")
    handle.focus()
    visit.page.keyboard.press("ArrowLeft")
    expect(handle).to_have_attribute("aria-valuenow", "89")
    expect(visit.page.locator(".parts")).to_contain_text("31 validation")
