"""uvicorn with our protocol and a small application behind it: the transport on its own."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from service.server.connection_limits import ConnectionLimits
from service.server.protocol import bounded


async def application(scope, receive, send):
    """Answer with the request; /slow takes its time, /large is large, /deaf reads no body."""
    body, more = b"", scope["path"] != "/deaf"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message["body"]
        more = message["more_body"]
    if scope["path"] == "/slow":
        await asyncio.sleep(0.6)  # longer than a head or a body may take here
    seen = {
        "path": scope["path"],
        "length": len(body),
        "headers": [name.decode("latin-1") for name, _ in scope["headers"]],
    }
    content = bytes(2**26) if scope["path"] == "/large" else json.dumps(seen).encode()
    length = [(b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    await send({"type": "http.response.body", "body": content})


@contextmanager
def served(bounds: ConnectionLimits) -> Iterator[tuple[int, uvicorn.Server]]:
    """The port and the server, as long as the block lasts."""
    config = uvicorn.Config(
        application,
        port=0,
        http=bounded(bounds),
        ws="none",
        lifespan="off",
        log_config=None,
        timeout_keep_alive=1,  # the end of most conversations here
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
        yield server.servers[0].sockets[0].getsockname()[1], server
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join()
