"""The page in Chromium: bytes and times of the first view, a changed number, frames, memory.

    python benchmarks/page.py --seconds 60

Starts a service of its own. Times are those of a clock: other programs make them longer.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.service.served import served

CHANGES = 60
SLOWED = 4
FIRST_NUMBER = "svg.drawing .num:not(.big)"
MODULES = """async (names) => {
  const script = document.querySelector('script[type="module"]').src;
  const found = await Promise.all(names.map((name) => import(script.replace(/main\\.js.*/, name))));
  window.modules = Object.fromEntries(names.map((name, k) => [name, found[k]]));
}"""
CHANGED = """async (value) => {
  const { set, byHand, result } = window.modules["part/by_hand_state.js"];
  const begun = performance.now();
  set({ x: [value, 2] });
  while (result.value?.question.x[0] !== value) await new Promise((done) => setTimeout(done, 1));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - begun;
}"""
PLAYED = """async ({ hidden, samples, iterations, seconds }) => {
  const { training } = window.modules["view/train.js"];
  const player = window.modules["part/training.js"];
  const q = training.value;
  training.value = { ...q, hidden, iterations, data: { ...q.data, samples } };
  const ended = () => player.job.value?.state === "succeeded"
    && player.job.value.training.sizes.length === hidden.length + 2
    && player.frames.value.iteration.at(-1) === iterations;
  while (!ended()) await new Promise((done) => setTimeout(done, 50));
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
  return { shown: shown / took, longest: Math.max(0, ...long.map((task) => task.duration)) };
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


def first_view(address: str, slowed: int) -> dict[str, float]:
    """Measure the first view: kilobytes, milliseconds to the first paint and the first numbers."""
    with opened(address) as (page, devtools):
        received: list[float] = []
        devtools.send("Network.enable")
        devtools.on("Network.loadingFinished", lambda e: received.append(e["encodedDataLength"]))
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
        page.goto("/#by-hand")
        page.locator(".worked .answer").wait_for()
        ready = page.evaluate("performance.now()")
        paint = page.evaluate("performance.getEntriesByType('paint')[0].startTime")
        return {"kB": sum(received) / 1000, "first paint": paint, "first numbers": ready}


def changes(address: str) -> list[float]:
    """Milliseconds from a changed number to the new drawing."""
    with opened(address) as (page, _):
        page.goto("/#by-hand")
        page.locator(".worked .answer").wait_for()
        page.evaluate(MODULES, ["part/by_hand_state.js"])
        return [page.evaluate(CHANGED, 1 + k / 100) for k in range(1, CHANGES + 1)]


def played(address: str, seconds: float) -> dict[str, float]:
    """Frames per second, the longest task in ms and the heap in MB while a training plays."""
    with opened(address) as (page, devtools):
        page.set_default_timeout(1000 * (seconds + 300))
        page.goto("/#train")
        page.locator(".player").wait_for()
        page.evaluate(MODULES, ["view/train.js", "part/training.js"])
        training = {"hidden": [16, 16], "samples": 500, "iterations": 1000, "seconds": seconds}
        found: dict[str, float] = page.evaluate(PLAYED, training)
        devtools.send("HeapProfiler.collectGarbage")
        used = devtools.send("Runtime.getHeapUsage")["usedSize"]
        return found | {"heap": used / 1e6}


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60.0, help="how long a training plays")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as data, served(Path(data)) as server:
        cold = first_view(server.address, 1)
        slow = first_view(server.address, SLOWED)
        milliseconds = changes(server.address)
        play = played(server.address, seconds)
    print(f"first view                    {cold['kB']:8.0f} kB")
    print(f"first paint                   {cold['first paint']:8.0f} ms")
    print(f"first numbers                 {cold['first numbers']:8.0f} ms")
    print(f"first numbers, {SLOWED} × slower CPU {slow['first numbers']:8.0f} ms")
    print(f"a changed number, median      {median(milliseconds):8.0f} ms")
    print(f"a changed number, p95         {quantiles(milliseconds, n=20)[-1]:8.0f} ms")
    print(f"frames of 2-16-16-1, N = 500  {play['shown']:8.1f} per s")
    print(f"longest task while it plays   {play['longest']:8.0f} ms")
    print(f"heap after {seconds:4.0f} s of play     {play['heap']:8.1f} MB")


if __name__ == "__main__":
    main()
