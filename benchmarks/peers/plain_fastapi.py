"""What a service costs that does the least: FastAPI as its tutorial writes it, and our wire alone.

Run as `python -m benchmarks.peers.plain_fastapi [--no-access-log]`; it prints its address.
"""

import socket
import sys

import numpy as np
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import Response
from pydantic import BaseModel

from service.serialization.json_parser import parse
from service.serialization.json_writer import ArrayResponse

app = FastAPI()


class Rows(BaseModel):
    """A network of one layer without biases, and its samples."""

    weights: list[list[float]]
    x: list[list[float]]


class Output(BaseModel):
    """What comes out."""

    output: list[list[float]]


@app.get("/constant")
async def constant() -> dict[str, list[float]]:
    """Answer a constant: the floor under every endpoint."""
    return {"output": [0.5]}


@app.post("/rows")
def rows(question: Rows) -> Output:
    """Take numbers in and give numbers out, the ordinary way."""
    return Output(output=(np.array(question.x) @ np.array(question.weights).T).tolist())


@app.post("/parse-and-write")
async def parse_and_write(request: Request) -> Response:
    """Parse what /approximate is asked, and write an answer as long as its own, with no work."""
    samples = parse(await request.body())["samples"]
    x, y = samples["x"], samples["y"]
    return ArrayResponse({"grid": x, "values": y, "knots": x, "lambdas": y})


def main() -> None:
    """Serve on a free port of the loopback, the address on stdout and all else on stderr."""
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    sys.stdout = sys.stderr
    access_log = "--no-access-log" not in sys.argv
    uvicorn.Server(uvicorn.Config(app, access_log=access_log)).run(sockets=[listener])


if __name__ == "__main__":
    main()
