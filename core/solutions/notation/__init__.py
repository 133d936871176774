"""Mathematics as a small tree, and its writers: LaTeX and MathML."""
