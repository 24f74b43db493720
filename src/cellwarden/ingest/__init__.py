"""From foreign files to records: every row comes out, accepted or rejected with a reason."""
