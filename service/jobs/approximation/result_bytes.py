"""The result of an approximation job as bytes, and back, equal in every bit."""

import io
import json
from dataclasses import asdict
from typing import Any

import numpy as np

from core.approximation.convergence import Comparison, Experiment
from core.approximation.error_bounds.certificate import Certificate
from core.approximation.error_bounds.sampled_error import SampledError
from core.approximation.error_bounds.singularities import UnprovedInterval
from core.approximation.minimal.minimality_proof import MinimalityProof
from core.approximation.minimal.smallest_for_samples import Overshoot
from core.approximation.relu.deployment import DeployedNetwork, DeploymentOptions
from core.approximation.relu.interpolation import through_points
from core.approximation.relu.relu_sum import ReluSum
from core.approximation.request import ApproximationRequest
from core.approximation.result import Approximation
from core.approximation.theory import Theory
from service.serialization.json_writer import to_json

Arrays = dict[str, np.ndarray]


def to_bytes(result: Approximation) -> bytes:
    """Write an `.npz` file with what the request does not hold; all but arrays as JSON."""
    wanted = result.network
    arrays: Arrays = {"grid": wanted.grid, "values": wanted.values, "room": wanted.room}
    rest: dict[str, Any] = {"error": asdict(result.error), "unproved": result.unproved}
    certificate, proof, embedding = result.certificate, result.proof, result.embedding
    if certificate is not None:
        arrays["certificate_grid"] = certificate.grid
        arrays |= {"certificate_lower": certificate.lower, "certificate_upper": certificate.upper}
        rest["gaps"], rest["jumps"] = certificate.gaps, certificate.jumps
    if proof is not None:
        arrays |= {f"proof_{name}": getattr(proof, name) for name in ("x", "lower", "upper")}
        rest["proof"] = [proof.tolerance, proof.links]
    if embedding is not None:
        network = embedding.network
        arrays |= {"embedded_grid": embedding.grid, "embedded_values": embedding.values}
        arrays |= {name: getattr(network, name) for name in ("knots", "directions", "lambdas")}
        rest["embedding"] = [embedding.error, embedding.knot_step, embedding.lambda_step]
        rest["bias"], rest["options"] = network.bias, asdict(embedding.choice)
    rest["overshoot"] = result.overshoot
    content = io.BytesIO()
    arrays["rest"] = np.frombuffer(json.dumps(rest).encode(), np.uint8)
    np.savez(content, allow_pickle=False, **arrays)
    return content.getvalue()


def from_bytes(content: bytes, request: ApproximationRequest) -> Approximation:
    """Return the approximation that was the result of the request."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        arrays: Arrays = {name: file[name] for name in file.files}
    rest = json.loads(arrays.pop("rest").tobytes())
    return Approximation(
        function=None if request.function is None else request.target.function,
        network=through_points(arrays["grid"], arrays["values"], arrays.get("room")),
        error=SampledError(**rest["error"]),
        certificate=_certificate(arrays, rest, request.relative),
        unproved=rest["unproved"],
        proof=_proof(arrays, rest),
        embedding=_embedding(arrays, rest, request),
        table=None if request.samples is None else request.samples.table,
        overshoot=_overshoot(rest),
    )


def comparison_to_bytes(comparison: Comparison) -> bytes:
    """JSON for the row of a job."""
    return to_json(comparison)


def comparison_from_bytes(content: bytes) -> Comparison:
    """The comparison of `comparison_to_bytes`, equal in every bit."""
    fields = json.loads(content)
    rows = [Experiment(**row) for row in fields["experiments"]]
    return Comparison(fields["function"], rows, Theory(**fields["theory"]))


def _certificate(arrays: Arrays, rest: dict[str, Any], relative: bool) -> Certificate | None:
    if "certificate_lower" not in arrays:
        return None
    return Certificate(
        arrays.get("certificate_grid", arrays["grid"]),
        arrays["certificate_lower"],
        arrays["certificate_upper"],
        relative,
        tuple(UnprovedInterval(*gap) for gap in rest["gaps"]),
        tuple(UnprovedInterval(*jump) for jump in rest["jumps"]),
    )


def _proof(arrays: Arrays, rest: dict[str, Any]) -> MinimalityProof | None:
    if "proof" not in rest:
        return None
    tolerance, links = rest["proof"]
    return MinimalityProof(
        tolerance, links, arrays["proof_x"], arrays["proof_lower"], arrays["proof_upper"]
    )


def _overshoot(rest: dict[str, Any]) -> Overshoot | None:
    if not rest.get("overshoot"):
        return None
    (left, right), segments, excess = rest["overshoot"]
    return Overshoot((left, right), segments, excess)


def _embedding(
    arrays: Arrays, rest: dict[str, Any], request: ApproximationRequest
) -> DeployedNetwork | None:
    if "embedding" not in rest:
        return None
    options = rest.get("options") or asdict(request.options or DeploymentOptions())
    network = ReluSum(arrays["knots"], arrays["directions"], arrays["lambdas"], rest["bias"])
    grid, values = arrays["embedded_grid"], arrays["embedded_values"]
    return DeployedNetwork(DeploymentOptions(**options), network, grid, values, *rest["embedding"])
