"""Pictures of networks and their errors: each function draws a `Figure`, `render` makes it bytes.

The only part of the core that needs matplotlib; `import core` does not reach it. Figures are made
by matplotlib's object interface and no global setting is changed, so threads do not meet.
"""

from core.plots.approximation import approximation
from core.plots.convergence import convergence
from core.plots.decision_surface import decision_surface
from core.plots.figure import PictureFormat, render
from core.plots.loss_curve import loss_curve
from core.plots.prediction import prediction
from core.plots.scores.confusion_matrix import confusion_matrix
from core.plots.scores.residuals import residuals
from core.plots.scores.roc_curves import NamedRoc, roc_curves

__all__ = [
    "NamedRoc",
    "PictureFormat",
    "approximation",
    "confusion_matrix",
    "convergence",
    "decision_surface",
    "loss_curve",
    "prediction",
    "render",
    "residuals",
    "roc_curves",
]
