"""Metrics: the event log of one replication, made into numbers that a planner can use."""

from sim.metrics.case_table import cases
from sim.metrics.days import daily
from sim.metrics.summary import measure

__all__ = ["cases", "daily", "measure"]
