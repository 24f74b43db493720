"""Proof for third parties: the hash-chained log of acts."""
