"""Formula language: lexer, parser, syntax tree, printer and derivatives."""
