"""The report: one HTML file that a planner opens from a chat message, offline."""
