"""Privacy: who opens identifiers for what, who is forgotten, what may be published."""
