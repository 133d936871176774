"""Pictures of how good predictions are: confusion matrix, ROC curves, residuals."""
