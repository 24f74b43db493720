"""Detectors and innocent explanations, one file each; fusion of what they say into suspects."""
