"""What the page paints is what the service computes; it prints none of it."""

import pytest

from tests.page.networks import random_network

pytestmark = pytest.mark.browser


def test_the_painted_forward_pass_is_that_of_the_service(visit, client):
    visit.open("#by-hand")
    for seed in range(50):
        question = random_network(seed, most_units=6, most_layers=4)
        layers = visit.module(
            "paint/forward.js",
            "(m, a) => m.forward(a.layers, a.x)",
            {"layers": question["layers"], "x": question["x"]},
        )
        body = {"network": {"layers": question["layers"]}, "x": question["x"]}
        answer = client.post("/forward", json=body).json()
        assert layers[-1] == pytest.approx(answer["output"], rel=1e-12, abs=1e-12)


def test_the_lattice_is_the_forward_pass_at_its_points(visit):
    visit.open("#by-hand")
    for seed in range(20):
        question = random_network(seed)
        question["layers"][0]["weights"] = [row[:1] * 2 for row in question["layers"][0]["weights"]]
        difference = visit.module(
            "paint/field.js",
            """async (m, a) => {
                const { forward } = await import(a.forward);
                const n = 7;
                const extent = { x: [-2, 3], y: [-1, 4] };
                const units = m.field(a.layers, extent, n).at(-1);
                let largest = 0;
                for (let r = 0; r < n; r++)
                  for (let c = 0; c < n; c++) {
                    const x = -2 + ((c + 0.5) / n) * 5, y = 4 - ((r + 0.5) / n) * 5;
                    const wanted = forward(a.layers, [x, y]).at(-1);
                    units.forEach((unit, i) => {
                      const scale = Math.max(1, Math.abs(wanted[i]));
                      largest = Math.max(largest, Math.abs(unit[r * n + c] - wanted[i]) / scale);
                    });
                  }
                return largest;
            }""",
            {"layers": question["layers"], "forward": address(visit, "paint/forward.js")},
        )
        assert difference < 1e-5  # single precision


def address(visit, name):
    script = visit.page.locator('script[type="module"]').get_attribute("src")
    return f"{visit.origin}/{script.rsplit('/', 1)[0]}/{name}"


@pytest.mark.parametrize(
    ("text", "value"),
    [("0,5", 0.5), ("−0.25", -0.25), (" 1 000 ", 1000), ("1e-3", 0.001), (".5", 0.5), ("+2", 2)],
)
def test_a_number_is_read_as_people_write_it(visit, text, value):
    visit.open("#by-hand")
    assert visit.module("paint/number.js", "(m, a) => m.parse(a)", text) == {"value": value}


@pytest.mark.parametrize("text", ["", "abc", "1e999", "1.2.3", "--1", "NaN", "Infinity", "0x10"])
def test_what_is_no_number_is_said_to_be_none(visit, text):
    visit.open("#by-hand")
    assert "error" in visit.module("paint/number.js", "(m, a) => m.parse(a)", text)
