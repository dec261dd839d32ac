"""Numbers of one run, from its event log."""
