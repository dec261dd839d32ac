"""The 46 mechanisms of the eight systems: what each is here, and which scenario shows it."""
