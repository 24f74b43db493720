"""The contract between the outside world and Cellwarden, as code: what goes in, what comes out, and its words."""
