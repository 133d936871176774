"""Drawings of a network with its numbers (Figure 1 of docs/exercise-sheet.md): SVG and TikZ."""
