"""The page in Chromium: bytes and times of the first view, a changed number, frames, memory.

    python benchmarks/page.py --seconds 60

Starts a service of its own. Times of a clock are longer when other programs run; processor times
are those of the browser's renderer, which paints and runs the scripts.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import psutil  # type: ignore[import-untyped]
from playwright.sync_api import CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.service.served import served

CHANGES = 200
PAUSE_MILLISECONDS = 200
"""Between two changes: a key that is held down repeats after 30, a person types after 150."""
SLOWED = 4
FIRST_NUMBERS = """new MutationObserver((_, observer) => {
  if (!document.querySelector(".worked .answer")) return;
  observer.disconnect();
  window.firstNumbers = performance.now();
}).observe(document, { childList: true, subtree: true });"""
RECEIVED = """() => [...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource")]
  .filter((entry) => entry.responseEnd <= window.firstNumbers)
  .reduce((sum, entry) => sum + entry.transferSize, 0)"""
MODULES = """async (names) => {
  const script = document.querySelector('script[type="module"]').src;
  const found = await Promise.all(names.map((name) => import(script.replace(/main\\.js.*/, name))));
  window.modules = Object.fromEntries(names.map((name, k) => [name, found[k]]));
}"""
CHANGED = """async ([value, pause]) => {
  const { set, result } = window.modules["part/by_hand_state.js"];
  const shown = async (question) => {
    while (result.value?.[question].x[0] !== value) await new Promise((done) => setTimeout(done));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - begun;
  };
  await new Promise((done) => setTimeout(done, pause));
  const begun = performance.now();
  set({ x: [value, 2] });
  return Promise.all(["question", "written"].map(shown));
}"""
PREPARED = """async ({ hidden, samples, iterations }) => {
  const { training } = window.modules["view/train.js"];
  const player = window.modules["part/training.js"];
  const q = training.value;
  training.value = { ...q, hidden, iterations, data: { ...q.data, samples } };
  const ended = () => player.job.value?.state === "succeeded"
    && player.job.value.training.sizes.length === hidden.length + 2
    && player.frames.value.iteration.at(-1) === iterations;
  while (!ended()) await new Promise((done) => setTimeout(done, 50));
}"""
PLAYED = """async ({ seconds }) => {
  const player = window.modules["part/training.js"];
  const long = [];
  const observer = new PerformanceObserver((list) => long.push(...list.getEntries()));
  observer.observe({ type: "longtask" });
  const begun = performance.now();
  let [shown, last] = [0, -1];
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  while (performance.now() - begun < 1000 * seconds) {
    if (!player.playing.value) player.togglePlay();
    await frame();
    if (player.at.value !== last) shown += 1;
    last = player.at.value;
  }
  observer.disconnect();
  const took = (performance.now() - begun) / 1000;
  const longest = Math.max(0, ...long.map((task) => task.duration));
  return { frames: shown, shown: shown / took, longest };
}"""


@contextmanager
def opened(address: str) -> Iterator[tuple[Page, CDPSession]]:
    """Start Chromium with an empty cache and a page at no address."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(base_url=address, viewport={"width": 1280, "height": 900})
        yield page, page.context.new_cdp_session(page)
        browser.close()


def renderer_milliseconds() -> float:
    """Processor time of the renderers of this program's browser."""
    return 1000 * sum(
        sum(process.cpu_times()[:2])
        for process in psutil.Process().children(recursive=True)
        if "--type=renderer" in process.cmdline()
    )


def first_view(address: str, slowed: int) -> dict[str, float]:
    """Measure the first view: kilobytes, milliseconds to the first paint and the first numbers."""
    with opened(address) as (page, devtools):
        page.add_init_script(FIRST_NUMBERS)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
        page.goto("/#by-hand")
        page.locator(".worked .answer").first.wait_for()
        return {
            "kB": page.evaluate(RECEIVED) / 1000,
            "first paint": page.evaluate("performance.getEntriesByType('paint')[0].startTime"),
            "first numbers": page.evaluate("window.firstNumbers"),
        }


def changes(address: str) -> tuple[list[float], list[float], float]:
    """Milliseconds from a changed number to the drawing and to the lines; processor time of each.

    The files of the other views are here: they load once, when the first view is at rest.
    """
    with opened(address) as (page, _):
        page.goto("/#by-hand")
        page.locator(".worked .answer").wait_for()
        page.evaluate(MODULES, ["part/by_hand_state.js"])
        page.wait_for_load_state("networkidle")
        before = renderer_milliseconds()
        asked = [[1 + k / 1000, PAUSE_MILLISECONDS] for k in range(1, CHANGES + 1)]
        drawn, written = zip(*(page.evaluate(CHANGED, one) for one in asked), strict=True)
        return list(drawn), list(written), (renderer_milliseconds() - before) / CHANGES


def played(address: str, seconds: float) -> dict[str, float]:
    """Frames per second, the longest task in ms and the heap in MB while a training plays."""
    with opened(address) as (page, devtools):
        page.set_default_timeout(1000 * (seconds + 300))
        page.goto("/#train")
        page.locator(".player").wait_for()
        page.evaluate(MODULES, ["view/train.js", "part/training.js"])
        training = {"hidden": [16, 16], "samples": 500, "iterations": 1000, "seconds": seconds}
        page.evaluate(PREPARED, training)
        before = renderer_milliseconds()
        found: dict[str, float] = page.evaluate(PLAYED, training)
        spent = renderer_milliseconds() - before
        devtools.send("HeapProfiler.collectGarbage")
        used = devtools.send("Runtime.getHeapUsage")["usedSize"]
        return found | {"heap": used / 1e6, "per frame": spent / found["frames"]}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60.0, help="how long a training plays")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as data, served(Path(data)) as server:
        cold = first_view(server.address, 1)
        slow = first_view(server.address, SLOWED)
        drawn, written, of_a_change = changes(server.address)
        play = played(server.address, seconds)
    print(f"first view                    {cold['kB']:8.0f} kB")
    print(f"first paint                   {cold['first paint']:8.0f} ms")
    print(f"first numbers                 {cold['first numbers']:8.0f} ms")
    print(f"first numbers, {SLOWED} × slower CPU {slow['first numbers']:8.0f} ms")
    for name, found in (("a changed number, drawn", drawn), ("its lines written out", written)):
        print(f"{name + ', median':29} {median(found):8.0f} ms")
        print(f"{name + ', p95':29} {quantiles(found, n=20)[-1]:8.0f} ms")
    print(f"  processor time              {of_a_change:8.0f} ms")
    print(f"frames of 2-16-16-1, N = 500  {play['shown']:8.1f} per s")
    print(f"  processor time of a frame   {play['per frame']:8.0f} ms")
    print(f"longest task while it plays   {play['longest']:8.0f} ms")
    print(f"heap after {seconds:4.0f} s of play     {play['heap']:8.1f} MB")


if __name__ == "__main__":
    main()
