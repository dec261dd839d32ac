"""Residents' verdicts as thresholds by band of time taken and number of reopenings."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from sim.model.distributions import Law
from sim.model.flows import Verdicts
from sim.model.system import System
from sim.plan.laws import LawPool
from sim.plan.layout import Int, Words
from sim.plan.numbering import Index, numbered
from sim.plan.tables import threshold


class VerdictArrays(NamedTuple):
    """The verdict arrays of `sim.plan.layout.Plan`."""

    verdict_edge: Int
    verdict_edges: Int
    verdict_delay: Int
    verdict_resolved: Words
    verdict_satisfied: Words
    verdict_unresolved: Words


def asked_after(verdicts: Verdicts, class_name: str) -> Law | None:
    """The time until the resident is asked: of the class's own table, if that says one."""
    own = verdicts.classes.get(class_name)
    return own.delay if own is not None and own.delay is not None else verdicts.delay


def verdict_numbers(system: System) -> Index:
    """Tables by name, those of single classes as ``table.class``."""
    return numbered(sorted(_tables(system)))


def compile_verdicts(system: System, laws: LawPool) -> VerdictArrays:
    """All tables; shorter ones are filled up with their last column and row."""
    tables = _tables(system)
    ordered = [tables[name] for name in sorted(tables)]
    n_edges = max((len(table.edges) for table, _ in ordered), default=0)
    n_rows = 1 + max((len(table.reopened) for table, _ in ordered), default=0)
    shape = (len(ordered), n_rows, n_edges + 1)
    edge = np.zeros((len(ordered), n_edges), np.int64)
    resolved = np.zeros((len(ordered), n_edges + 1), np.uint64)
    satisfied, unresolved = np.zeros(shape, np.uint64), np.zeros(shape, np.uint64)
    for number, (table, _) in enumerate(ordered):
        edge[number, : len(table.edges)] = [_per_mille(edge) for edge in table.edges]
        resolved[number] = [threshold(p) for p in _filled(table.resolved, n_edges + 1)]
        factors = _filled([1.0, *table.reopened], n_rows)
        for row, factor in enumerate(factors):
            shares = _filled(table.satisfied, n_edges + 1)
            satisfied[number, row] = [_product(share, factor) for share in shares]
            unresolved[number, row] = _product(table.satisfied_unresolved, factor)
    return VerdictArrays(
        verdict_edge=edge,
        verdict_edges=np.array([len(table.edges) for table, _ in ordered], np.int64),
        verdict_delay=np.array([laws.add(delay) for _, delay in ordered], np.int64),
        verdict_resolved=resolved,
        verdict_satisfied=satisfied,
        verdict_unresolved=unresolved,
    )


def _tables(system: System) -> dict[str, tuple[Verdicts, Law | None]]:
    found = {}
    for name, table in system.verdicts.items():
        found[name] = (table, table.delay)
        for class_name, own in table.classes.items():
            found[f"{name}.{class_name}"] = (own, asked_after(table, class_name))
    return found


def _filled(values: list[float], length: int) -> list[float]:
    return [*values, *values[-1:] * (length - len(values))][:length]


def _per_mille(edge: float) -> int:
    return round(Fraction(repr(edge)) * 1000)


def _product(share: float, factor: float) -> int:
    return threshold(Fraction(repr(share)) * Fraction(repr(factor)))
