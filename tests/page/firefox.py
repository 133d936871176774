"""Open every view of the page in Firefox, which speaks WebDriver BiDi itself; any error fails.

    python -m tests.page.firefox [folder for pictures]

Starts a service of its own. Needs Debian's `firefox-esr`, or Firefox 129 or later as `firefox`.
"""

import base64
import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.service.served import served

VIEWS = (
    "by-hand", "check", "train", "models", "approximate", "exercises", "lesson/1/1", "lesson/2/2",
)  # fmt: skip
START_SECONDS = 60.0
SHOWN_SECONDS = 60.0
SHOWN = """async () => {
  const script = document.querySelector('script[type="module"]').src;
  const { pending } = await import(script.replace(/main\\.js.*/, "ask.js"));
  const isThere = () => !pending.value && document.querySelector("main h1");
  for (let quiet = 0; quiet < 5; quiet = isThere() ? quiet + 1 : 0)
    await new Promise((done) => setTimeout(done, 50));
  return document.querySelector("main h1").textContent;
}"""


class Session:
    """A WebDriver BiDi session: commands in turn, and the errors that the pages log."""

    def __init__(self, socket: ClientConnection) -> None:
        self.errors: list[str] = []
        self._socket = socket
        self._numbers = itertools.count(1)
        self.call("session.new", capabilities={})
        self.call("session.subscribe", events=["log.entryAdded"])

    def call(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its result; raise `RuntimeError` for an error."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=SHOWN_SECONDS))
            if message.get("method") == "log.entryAdded":
                entry = message["params"]
                if entry["level"] in ("error", "warn"):
                    self.errors.append(str(entry["text"]))
            elif message.get("id") == number:
                if message["type"] == "error":
                    raise RuntimeError(f"{method}: {message['message']}")
                return message["result"]


@contextmanager
def firefox(program: str) -> Iterator[Session]:
    """Start Firefox without a window, with a profile of its own, until the block ends."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [program, "--headless", "--no-remote", "--profile", profile]
        process = subprocess.Popen(
            [*command, "--remote-debugging-port", "0"],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        try:
            said = (re.search(r"ws://\S+", line) for line in process.stderr)
            address = next(match[0] for match in said if match)
            with connect(f"{address}/session", open_timeout=START_SECONDS, max_size=None) as socket:
                yield Session(socket)
        finally:
            process.terminate()
            process.wait(START_SECONDS)


def main(program: str, folder: Path | None) -> int:
    """Open every view; print what each is called and what was logged."""
    with (
        tempfile.TemporaryDirectory() as data,
        served(Path(data)) as server,
        firefox(program) as session,
    ):
        (tab,) = session.call("browsingContext.getTree")["contexts"]
        here = {"context": tab["context"]}
        for view in VIEWS:
            address = f"{server.address}/?{view}#{view}"
            session.call("browsingContext.navigate", url=address, wait="complete", **here)
            shown = session.call(
                "script.callFunction", functionDeclaration=SHOWN, awaitPromise=True, target=here
            )
            if shown["type"] == "exception":
                session.errors.append(f"{view}: {shown['exceptionDetails']['text']}")
            else:
                sys.stdout.write(f"{view:12} {shown['result']['value']}\n")
            if folder:
                picture = session.call("browsingContext.captureScreenshot", **here)
                name = f"{view.replace('/', '-')}.png"
                (folder / name).write_bytes(base64.b64decode(picture["data"]))
        errors = session.errors
    for error in errors:
        sys.stderr.write(f"{error}\n")
    return 1 if errors else 0


if __name__ == "__main__":
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if found is None:
        sys.exit("there is no firefox on this machine")
    sys.exit(main(found, Path(sys.argv[1]) if len(sys.argv) > 1 else None))
