"""Containment: what an act would stop and whom it would hurt, who agreed, until when, and whether it worked."""
