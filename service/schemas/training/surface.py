"""GET /train/{id}/plot as JSON: the surface of a network with two inputs."""

from dataclasses import dataclass

from service.schemas.arrays import Numbers, Vector


@dataclass(frozen=True)
class SurfaceResponse:
    """Outputs of a network with two inputs: `z[k][j][i]` is output k at (x1[i], x2[j])."""

    x1: Vector
    x2: Vector
    z: Numbers
