"""Numbers of many runs: intervals, paired comparison, warm-up, number of replications."""
