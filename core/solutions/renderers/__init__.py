"""Writers of worked solutions: Markdown, LaTeX and HTML."""
