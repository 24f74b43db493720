"""Records at rest: Parquet by day behind a manifest, pseudonyms at the door, the touch index, the subscriber directory."""
