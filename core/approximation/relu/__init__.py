"""ReLU sums: interpolation, deployment forms, quantization, C header."""
