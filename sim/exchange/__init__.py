"""Real logs in, standard logs out."""
