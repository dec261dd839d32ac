"""Metrics: the event log of one replication, made into numbers that a planner can use."""
