"""How fast this machine is just now, so that a bound on work holds on a slow or busy one."""

import time

QUIET = 0.06
"""Processor seconds of the yardstick on an idle machine of 2020s make."""


def allowed(seconds: float) -> float:
    """`seconds` on an idle machine, stretched by how long a yardstick takes at this moment."""
    begun = time.process_time()
    sum(number * number for number in range(1_000_000))
    return seconds * max(1.0, (time.process_time() - begun) / QUIET)
