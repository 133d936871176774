"""A network drawn with its numbers, as in the sheet's Figure 1: SVG and TikZ from one layout."""
