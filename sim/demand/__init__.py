"""All randomness: keyed numbers, samplers and the demand trace."""
