"""A link holds what is shown; a broken one opens the page as it is, and says so."""

import base64
import random
import zlib

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

SENTENCE = "This link could not be read"


def link_of(visit):
    return visit.copied(visit.page.get_by_role("button", name="Copy link"))


def test_a_copied_link_opens_the_same_question_in_a_fresh_browser(visit, open_visit):
    visit.open("#by-hand")
    changes = {"x": [0.25, -3], "step": 7, "n": 6}
    visit.module("part/by_hand_state.js", "(m, a) => m.set(a)", changes)
    link = link_of(visit)
    assert len(link) < 600
    other = open_visit()
    other.page.goto(link)
    expect(other.page.locator(".track [aria-current=step]")).to_have_attribute(
        "aria-label", "gradient of w of layer 2"
    )
    state = other.module("part/by_hand_state.js", "m => m.byHand.value")
    assert {name: state[name] for name in changes} == changes


def test_a_question_travels_and_a_view_as_it_opens_has_a_short_link(visit):
    question = {"some": ["ü", 1.5, None]}
    visit.open("#check")
    encoded = visit.module("state.js", "(m, a) => m.encode(a)", question)
    assert visit.module("state.js", "(m, a) => m.decode(a)", encoded) == {"v": 1} | question
    for view in ("check", "train", "approximate", "exercises"):
        visit.module("state.js", "(m, a) => m.open(a)", f"#{view}")
        expect(visit.page.locator("nav [aria-current]")).to_have_attribute("href", f"#{view}")
        assert visit.module("state.js", "m => m.fragment()") == f"#{view}"


def mutations():
    draw = random.Random(18)  # noqa: S311 - damage, not secrets
    good = base64.urlsafe_b64encode(zlib.compress(b'{"v":1}')[2:-4]).rstrip(b"=").decode()
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/%<>&'\""
    yield from ("nowhere", "lesson/9/9", "lesson/1/99", "lesson/x", "by-hand/", "check/exercise")
    yield from ("by-hand/" + "A" * 70_000, "by-hand/" + good, "<img src=x onerror=alert(1)>")
    for _ in range(200):
        text = list(good * draw.randint(1, 6))
        for _ in range(draw.randint(1, 8)):
            text[draw.randrange(len(text))] = draw.choice(letters)
        view = draw.choice(["by-hand", "check", "train", "approximate", "exercises", "models"])
        yield f"{view}/{''.join(text)}"


def test_no_damaged_link_raises_or_runs_anything(open_visit):
    visit = open_visit()
    visit.expected = ("404", "422")
    visit.open("#by-hand")
    headings = visit.module(
        "state.js",
        """async (m, a) => {
            const counts = [];
            for (const fragment of a) {
                await m.open(`#${fragment}`);
                await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
                counts.push(document.querySelectorAll("main h1").length);
            }
            return counts;
        }""",
        list(mutations()),
    )
    assert min(headings) >= 1
    expect(visit.page.locator("main img")).to_have_count(0)


def test_an_inflated_bomb_is_not_inflated(visit):
    bomb = base64.urlsafe_b64encode(zlib.compress(b"[" + b"0," * 5_000_000, 9)[2:-4]).decode()
    visit.open(f"#by-hand/{bomb.rstrip('=')}"[:60_000])
    expect(visit.page.get_by_text(SENTENCE)).to_be_visible()


def test_back_goes_to_the_view_before(visit):
    visit.open("#by-hand")
    visit.page.get_by_role("link", name="Approximate").click()
    expect(visit.page.locator(".count")).to_be_visible()
    visit.page.go_back()
    expect(visit.page.get_by_role("heading", name="Backpropagation, step by step")).to_be_visible()
