"""Reverse proxies in front of a service, configured as docs/deployment.md says."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.acceptance.server import free_port

DEPLOYMENT = Path(__file__).parents[2] / "docs" / "deployment.md"
PATIENCE_SECONDS = 60.0
LOCAL_PORT = "127.0.0.1:8000"


def snippet(language: str) -> str:
    """The code of that language in the section about proxies."""
    section = DEPLOYMENT.read_text("utf-8").partition("## Behind a reverse proxy")[2]
    found = re.search(rf"```{language}\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    assert found, language
    return found[1]


@dataclass(frozen=True)
class Proxy:
    """A program, and how it is started in a folder, on a port, before an upstream address."""

    program: str
    command: Callable[[Path, int, str], list[str]]
    prefix: str = "/chainrule"

    @property
    def path(self) -> str | None:
        """Where the program is."""
        return shutil.which(self.program, path="/usr/sbin:/usr/local/bin:/usr/bin") or shutil.which(
            self.program
        )

    @contextmanager
    def before(self, folder: Path, upstream: str) -> Iterator[str]:
        """The address of the proxy, while it runs."""
        port = free_port()
        folder.mkdir(exist_ok=True)
        command = [self.path or self.program, *self.command(folder, port, upstream)]
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
            try:
                address = f"http://127.0.0.1:{port}{self.prefix}"
                _wait_for(address, process, folder / "output")
                yield address
            finally:
                process.terminate()
                process.wait(PATIENCE_SECONDS)


def _wait_for(address: str, process: subprocess.Popen[bytes], output: Path) -> None:
    """Wait until the service answers through the proxy, which may load its routes late."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, output.read_text()
        try:
            if httpx.get(f"{address}/health/live").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(output.read_text())


def _nginx(folder: Path, server: str) -> list[str]:
    """nginx with its default settings, but for what it needs to run in a folder of its own."""
    paths = "\n".join(
        f"    {name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"user root;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\n    access_log off;\n{paths}\n{server}\n}}\n"
    )
    return ["-p", str(folder), "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"]


def _nginx_defaults(folder: Path, port: int, upstream: str) -> list[str]:
    location = f"location / {{ proxy_pass http://{upstream}; client_max_body_size 0; }}"
    return _nginx(folder, f"server {{ listen 127.0.0.1:{port}; {location} }}")


def _nginx_as_documented(folder: Path, port: int, upstream: str) -> list[str]:
    text = snippet("nginx").replace("listen 80;", f"listen 127.0.0.1:{port};")
    return _nginx(folder, text.replace(LOCAL_PORT, upstream))


def _caddy(folder: Path, port: int, upstream: str) -> list[str]:
    text = snippet("caddy").replace(":80 {", f"http://127.0.0.1:{port} {{")
    options = "{\n    admin off\n    auto_https off\n}\n"
    (folder / "Caddyfile").write_text(options + text.replace(LOCAL_PORT, upstream))
    return ["run", "--config", "Caddyfile", "--adapter", "caddyfile"]


def _traefik(folder: Path, port: int, upstream: str) -> list[str]:
    (folder / "dynamic.yml").write_text(snippet("yaml").replace(LOCAL_PORT, upstream))
    return [
        f"--entryPoints.web.address=127.0.0.1:{port}",
        f"--providers.file.filename={folder}/dynamic.yml",
        "--global.checkNewVersion=false",
        "--global.sendAnonymousUsage=false",
    ]


NGINX_DEFAULTS = Proxy("nginx", _nginx_defaults, prefix="")
DOCUMENTED = {
    "nginx": Proxy("nginx", _nginx_as_documented),
    "caddy": Proxy("caddy", _caddy),
    "traefik": Proxy("traefik", _traefik),
}
