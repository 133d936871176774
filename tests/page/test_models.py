"""Models: from a table of one's own to a prediction that every client gets alike."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.page.networks import shown

pytestmark = pytest.mark.browser

STATE = "part/table_training.js"

MACHINES = "Maschine;Temperatur;Druck;läuft\n" + "".join(
    f"M{k % 3};{20 + k},5;{(k * 7) % 11};{'ja' if k % 2 else 'nein'}\n" for k in range(40)
)


def trained(visit):
    expect(visit.page.get_by_text("Trained, ")).to_be_visible()
    return visit.module(STATE, "m => m.job.value")


def upload(visit, name, text):
    visit.page.locator("input[type=file]").set_input_files(
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


def test_a_table_of_ones_own_with_semicolons_and_decimal_commas(visit):
    visit.open("#models")
    page = visit.page
    trained(visit)
    upload(visit, "maschinen.csv", MACHINES)
    expect(page.get_by_label("use of läuft")).to_have_value("target")
    row = page.locator(".columns tr", has_text="Temperatur")
    expect(row).to_contain_text("20.5 to 59.5")
    page.get_by_role("combobox", name="Maschine", exact=True).select_option("M2")
    expect(page.locator(".probs .top")).to_be_visible()


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
