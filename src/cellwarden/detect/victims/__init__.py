"""What the people who lost money have in common."""
