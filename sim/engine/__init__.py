"""Engines: plan + demand trace -> event log. Two of them, which share data and never logic."""
