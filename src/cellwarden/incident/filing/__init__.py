"""Reports to the regulator: a chain of numbered filings, each as PDF and HWPX, and the press sheet that goes with it."""
