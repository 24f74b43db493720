"""What the management system says of a cell, and what it did not know."""
