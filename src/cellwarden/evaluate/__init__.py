"""The examiner: measures a result folder against the truth of a scenario. Imports no detector and no generator."""
