"""Where a cell is, from the neighbours of its visitors."""
