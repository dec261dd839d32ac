"""Text to model: scenario files, overrides and the facts that they cite."""
