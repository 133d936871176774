"""A network as a C99 header: one function, no allocation, nothing but `math.h`."""

from core.export.network.source_text import braced, require_short, shape_text, used_functions
from core.neural_network import NeuralNetwork
from core.nn.activations import LEAK

TEMPLATE = """\
/* A {shape} network. All parameters are exact (C99 hexadecimal floats). Link with -lm. */
#ifndef NETWORK_H
#define NETWORK_H

#include <math.h>

#define NETWORK_INPUTS {inputs}
#define NETWORK_OUTPUTS {outputs}

{functions}

static inline void network_dense(const double *weights, const double *biases,
                                 int inputs, int units, const double *x, double *s)
{{
    for (int unit = 0; unit < units; unit++) {{
        double sum = 0.0;
        for (int i = 0; i < inputs; i++)
            sum += weights[(long)unit * inputs + i] * x[i];
        s[unit] = sum + biases[unit];
    }}
}}

{parameters}

/* y = output of the network for one sample x. */
static inline void network_predict(const double x[NETWORK_INPUTS], double y[NETWORK_OUTPUTS])
{{
{buffers}
{calls}
}}

#endif
"""
FUNCTIONS = {
    name: f"static inline void network_{name}(double *s, int units)\n{{{body}}}\n"
    for name, body in {
        "identity": "\n    (void)s;\n    (void)units;\n",
        "relu": """
    for (int k = 0; k < units; k++)
        s[k] = s[k] > 0.0 ? s[k] : 0.0;
""",
        "leaky_relu": f"""
    for (int k = 0; k < units; k++)
        s[k] = s[k] > 0.0 ? s[k] : {LEAK!r} * s[k];
""",
        "sigmoid": """
    for (int k = 0; k < units; k++)
        s[k] = 1.0 / (1.0 + exp(-s[k]));
""",
        "tanh": """
    for (int k = 0; k < units; k++)
        s[k] = tanh(s[k]);
""",
        "softplus": """
    for (int k = 0; k < units; k++)
        s[k] = (s[k] > 0.0 ? s[k] : 0.0) + log1p(exp(-fabs(s[k])));
""",
        "softmax": """
    double largest = s[0], sum = 0.0;
    for (int k = 1; k < units; k++)
        largest = s[k] > largest ? s[k] : largest;
    for (int k = 0; k < units; k++)
        sum += s[k] = exp(s[k] - largest);
    for (int k = 0; k < units; k++)
        s[k] /= sum;
""",
    }.items()
}


def write_c99(network: NeuralNetwork) -> bytes:
    """The header, with `void network_predict(const double x[], double y[])`; raises `TooLong`."""
    require_short(network)
    parameters, calls, buffers = [], [], []
    below = "x"
    for number, layer in enumerate(network.layers, start=1):
        rows, columns, name = layer.d_out, layer.d_in, layer.activation.name
        weights, biases = f"network_weights_{number}", f"network_biases_{number}"
        parameters += [
            f"static const double {weights}[{rows}][{columns}] = {braced(layer.weights)};",
            f"static const double {biases}[{rows}] = {braced(layer.biases)};",
        ]
        above = "y" if number == len(network.layers) else f"x_{number}"
        if above != "y":
            buffers.append(f"    double {above}[{rows}];")
        calls += [
            f"    network_dense({weights}[0], {biases}, {columns}, {rows}, {below}, {above});",
            f"    network_{name}({above}, {rows});",
        ]
        below = above
    return TEMPLATE.format(
        shape=shape_text(network),
        inputs=network.sizes[0],
        outputs=network.sizes[-1],
        functions=used_functions(network, FUNCTIONS),
        parameters="\n".join(parameters),
        buffers="\n".join(buffers),
        calls="\n".join(calls),
    ).encode()
