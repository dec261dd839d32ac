"""A system as flat arrays: what both engines read."""
