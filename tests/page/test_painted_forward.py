"""What the page paints is what the service computes; it prints none of it."""

import pytest

from tests.page.networks import random_network

pytestmark = pytest.mark.browser


def test_the_painted_forward_pass_is_that_of_the_service(visit, client):
    visit.open("#by-hand")
    questions = [random_network(seed, most_units=6, most_layers=4) for seed in range(50)]
    painted = visit.module(
        "paint/forward.js", "(m, a) => a.map(q => m.forward(q.layers, q.x).at(-1))", questions
    )
    for question, output in zip(questions, painted, strict=True):
        body = {"network": {"layers": question["layers"]}, "x": question["x"]}
        answer = client.post("/forward", json=body).json()
        assert output == pytest.approx(answer["output"], rel=1e-12, abs=1e-12)


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
            {"layers": question["layers"], "forward": visit.address("paint/forward.js")},
        )
        assert difference < 1e-5  # single precision


WRITTEN = {"0,5": 0.5, "−0.25": -0.25, " 1 000 ": 1000, "1e-3": 0.001, ".5": 0.5, "+2": 2}
NO_NUMBERS = ["", "abc", "1e999", "1.2.3", "--1", "NaN", "Infinity", "0x10"]


def test_a_number_is_read_as_people_write_it_and_nothing_else_is_one(visit):
    visit.open("#by-hand")
    code = "(m, a) => a.map(m.parse)"
    read = visit.module("paint/number.js", code, list(WRITTEN))
    assert read == [{"value": value} for value in WRITTEN.values()]
    refused = visit.module("paint/number.js", code, NO_NUMBERS)
    assert [list(one) for one in refused] == [["error"]] * len(NO_NUMBERS)
