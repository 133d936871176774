"""An approximation as bytes that stand in the record of its job, and back, equal in every bit."""

import io
import json
from dataclasses import asdict
from typing import Any

import numpy as np

from core.approximation.convergence import Comparison, Experiment
from core.approximation.error_bounds.certificate import Certificate
from core.approximation.error_bounds.sampled_error import SampledError
from core.approximation.error_bounds.singularities import UnprovedInterval
from core.approximation.formula.formula import parse
from core.approximation.minimal.minimality_proof import MinimalityProof
from core.approximation.relu.deployment import DeployedNetwork
from core.approximation.relu.interpolation import interpolate
from core.approximation.relu.relu_sum import ReluSum
from core.approximation.result import Approximation
from core.approximation.theory import Theory
from service.schemas.approximation.request import ApproximateRequest
from service.serialization.json_writer import to_json

Arrays = dict[str, np.ndarray]


def to_bytes(result: Approximation) -> bytes:
    """All that the question does not say already: arrays, and the rest as JSON beside them."""
    arrays: Arrays = {"grid": result.network.grid, "values": result.network.values}
    rest: dict[str, Any] = {"error": asdict(result.error), "unproved": result.unproved}
    certificate, proof, embedding = result.certificate, result.proof, result.embedding
    if certificate is not None:
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
        rest["bias"] = network.bias
    content = io.BytesIO()
    arrays["rest"] = np.frombuffer(json.dumps(rest).encode(), np.uint8)
    np.savez(content, allow_pickle=False, **arrays)
    return content.getvalue()


def from_bytes(content: bytes, question: ApproximateRequest) -> Approximation:
    """The approximation that answered the question."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        arrays: Arrays = {name: file[name] for name in file.files}
    rest = json.loads(arrays.pop("rest").tobytes())
    return Approximation(
        function=None if question.function is None else parse(question.function),
        network=interpolate(arrays["grid"], arrays["values"]),
        error=SampledError(**rest["error"]),
        certificate=_certificate(arrays, rest, question.error == "relative"),
        unproved=rest["unproved"],
        proof=_proof(arrays, rest),
        embedding=_embedding(arrays, rest, question),
        table=None if question.samples is None else question.table,
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
        arrays["grid"],
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


def _embedding(
    arrays: Arrays, rest: dict[str, Any], question: ApproximateRequest
) -> DeployedNetwork | None:
    if "embedding" not in rest or question.choice is None:
        return None
    network = ReluSum(arrays["knots"], arrays["directions"], arrays["lambdas"], rest["bias"])
    grid, values = arrays["embedded_grid"], arrays["embedded_values"]
    return DeployedNetwork(question.choice, network, grid, values, *rest["embedding"])
