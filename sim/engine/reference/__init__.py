"""The SimPy engine: processes that read like the theory, kept slow and plain on purpose.

`world` holds the state; `calendar` is SimPy's clock under our total order; `work`, `dispatch`,
`shifts`, `timers`, `modes` and `life` are one notion each; `simulation` plays a replication.
"""

from sim.engine.reference.simulation import play

__all__ = ["play"]
