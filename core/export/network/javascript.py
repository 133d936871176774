"""A network as a JavaScript module (ECMAScript 2015) without dependencies."""

from core.export.network.source_text import bracketed, require_short, shape_text, used_functions
from core.neural_network import NeuralNetwork
from core.nn.activations import LEAK

TEMPLATE = """\
// A {shape} network.

{functions}

// Weights with one row per unit, biases, activation.
const LAYERS = [
{layers}
];

/** The {outputs} outputs for one sample x of {inputs} numbers. */
export function predict(x) {{
  if (x.length !== {inputs}) throw new RangeError(`x has ${{x.length}} numbers, expected {inputs}`);
  let values = Array.from(x);
  for (const [weights, biases, activation] of LAYERS) {{
    values = activation(
      weights.map((row, unit) => row.reduce((sum, w, i) => sum + w * values[i], 0) + biases[unit]),
    );
  }}
  return values;
}}
"""
FUNCTIONS = {
    "identity": "const identity = (s) => s;",
    "relu": "const relu = (s) => s.map((value) => Math.max(value, 0));",
    "leaky_relu": (
        f"const leaky_relu = (s) => s.map((value) => (value > 0 ? value : {LEAK!r} * value));"
    ),
    "sigmoid": "const sigmoid = (s) => s.map((value) => 1 / (1 + Math.exp(-value)));",
    "tanh": "const tanh = (s) => s.map(Math.tanh);",
    "softplus": (
        "const softplus = (s) =>\n"
        "  s.map((value) => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value))));"
    ),
    "softmax": """
const softmax = (s) => {
  const largest = s.reduce((a, b) => Math.max(a, b));
  const powers = s.map((value) => Math.exp(value - largest));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
};
""",
}


def write_javascript(network: NeuralNetwork) -> bytes:
    """The module, which exports `predict`; raises `TooLong`."""
    require_short(network)
    layers = "\n".join(
        f"  [\n    {bracketed(layer.weights)},\n    {bracketed(layer.biases)},\n"
        f"    {layer.activation.name},\n  ],"
        for layer in network.layers
    )
    return TEMPLATE.format(
        shape=shape_text(network),
        inputs=network.sizes[0],
        outputs=network.sizes[-1],
        functions=used_functions(network, FUNCTIONS),
        layers=layers,
    ).encode()
