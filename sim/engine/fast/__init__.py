"""The compiled engine: the same trajectory as the reference, event for event, and fast.

`jit` knows Numba; `state` names the tables and `build` makes them; `heap` keeps the calendar
and the lines; `dispatch`, `work`, `shifts`, `timers`, `expiry`, `modes`, `switching`, `life`
and `slots` are one notion each; `loop` takes event after event; `lean` says what plans that
use little never change; `simulation` plays.
"""

from sim.engine.fast.simulation import play, prepare

__all__ = ["play", "prepare"]
