"""What an operator says: check, ingest, investigate. Workflows join the layers; they hold no rule of their own."""
