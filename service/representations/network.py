"""A network as JSON and as files."""

from collections.abc import Callable

from core.export.network.formats import NETWORK_FORMATS
from core.neural_network import NeuralNetwork
from service.representations.files import FILE_OPERATIONS, as_files
from service.representations.represent import Representations, as_json
from service.schemas.network import NetworkResponse


def network_forms(network: Callable[[], NeuralNetwork], stem: str = "network") -> Representations:
    """Every form of what `network` gives."""
    return {
        **as_json(lambda: NetworkResponse.of(network()), FILE_OPERATIONS),
        **as_files(NETWORK_FORMATS, network, stem),
    }
