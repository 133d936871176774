"""A network as a file of parameters, an ONNX model or source code, and networks from files."""
