"""What a cell asks of the phones on it."""
