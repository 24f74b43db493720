"""May this equipment join now? A pure decision from registry, live sessions and the facts at hand; adapters do the rest."""
