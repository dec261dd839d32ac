"""Models A and B in other simulation programs, each in the way its users would write them."""
