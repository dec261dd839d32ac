"""What a system is: one frozen model per notion."""
