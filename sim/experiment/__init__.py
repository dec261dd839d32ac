"""Many runs of one or several scenarios: replicate, compare, and keep the results."""
