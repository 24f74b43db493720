"""The gate's adapters: each turns what its peer says into facts, and a decision into what its peer understands."""
