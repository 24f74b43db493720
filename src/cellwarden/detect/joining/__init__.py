"""How equipment came in: tunnels, setups, certificates, addresses."""
