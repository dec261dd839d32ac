"""The loop of model A in C, and the program that times it beside ours."""
