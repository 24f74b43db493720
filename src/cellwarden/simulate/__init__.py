"""Makes fictional operators with planted rogue base stations; never imports what is to find them."""
