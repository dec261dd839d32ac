"""What is known about the real systems, and how a number says where it comes from.

A *fact* is one figure or rule that a published document reports about a system; an entry
without a value is a rule. A *derived ratio* is a formula over facts. Both live in a catalogue,
`Evidence`, that refuses to be misquoted: a rule has no number to give, and a bound ("at least
ten") or a range ("300 to 400") gives none until the scenario states which value it uses.

Nothing here reads a file; `sim.scenario.evidence` fills the catalogue.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict

from sim.errors import Problem
from sim.model.formula import EvidenceFault, evaluate, formula_ids

__all__ = [
    "FACT_KINDS",
    "DerivedRatio",
    "Document",
    "Evidence",
    "EvidenceFault",
    "Fact",
    "FactKind",
    "Number",
    "Operator",
    "Provenance",
    "SystemName",
    "evaluate",
    "exact",
    "formula_ids",
]

Number = int | float | str | Decimal | Fraction
"""What a file or a caller may give as a number; floats are read by their shortest decimal."""

Operator = Literal["eq", "ge", "le", "approx"]
"""How a reported value is meant: exactly, at least, at most, or about."""

FactKind = Literal[
    "structure", "staffing", "rule", "process", "mode", "cost", "demand", "outcome",
    "benchmark", "assumption",
]  # fmt: skip
"""`benchmark` and `assumption` belong to the domain figures, the others to the systems."""

FACT_KINDS: tuple[FactKind, ...] = FactKind.__args__  # type: ignore[attr-defined]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Document(_Frozen):
    """A published text that facts were taken from.

    Attributes
    ----------
    key
        Name by which facts refer to it.
    title, title_zh
        Plain English rendering, and the title as printed; None where none is printed.
    publisher, date
        As printed; ``unstated`` and ``undated`` where the text says nothing.
    """

    key: str
    title: str
    title_zh: str | None
    publisher: str
    date: str


class SystemName(_Frozen):
    """A governance system and what it is called in both languages."""

    id: str
    name: str
    name_zh: str


class Fact(_Frozen):
    """One reported figure or rule.

    Attributes
    ----------
    value
        A number, a range ``(lo, hi)``, or None for a rule.
    unit, operator
        Given exactly when there is a value.
    statement
        What is reported, in our own words.
    use
        What a simulator does with it.
    measured_against
        Baseline and period of an outcome, or that they are unknown.
    citation, grade
        Source of a domain figure, and whether it is ``cited``, ``weak`` (a mirror or aggregator)
        or ``uncited``.
    """

    id: str
    kind: FactKind
    value: Fraction | tuple[Fraction, Fraction] | None = None
    unit: str | None = None
    operator: Operator | None = None
    statement: str
    use: str
    mechanisms: tuple[str, ...] = ()
    note: str | None = None
    measured_against: str | None = None
    document: str | None = None
    citation: str | None = None
    grade: Literal["cited", "weak", "uncited"] | None = None

    @property
    def system(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    @property
    def is_exact(self) -> bool:
        """Whether the fact gives one number by itself, exactly or approximately."""
        return isinstance(self.value, Fraction) and self.operator in ("eq", "approx")

    def admits(self, value: Fraction) -> bool:
        """Whether a used value agrees with what was reported."""
        if isinstance(self.value, tuple):
            return self.value[0] <= value <= self.value[1]
        if self.value is None:
            return False
        if self.operator == "ge":
            return value >= self.value
        if self.operator == "le":
            return value <= self.value
        return value == self.value

    def value_text(self) -> str:
        """The value as people write it: ``≥ 10``, ``300–400``, ``≈ 18000``; empty for a rule."""
        if self.value is None:
            return ""
        if isinstance(self.value, tuple):
            return f"{plain(self.value[0])}–{plain(self.value[1])}"
        mark = {"ge": "≥ ", "le": "≤ ", "approx": "≈ "}.get(self.operator or "eq", "")
        return f"{mark}{plain(self.value)}"


class DerivedRatio(_Frozen):
    """A number computed from facts.

    Attributes
    ----------
    formula
        Over fact ids; see `sim.model.formula`.
    exact
        Its value in exact rationals, checked by the tests.
    use
        The value taken for each fact that reports a bound or a range.
    """

    id: str
    formula: str
    exact: Fraction
    statement: str
    use: Mapping[str, Fraction] = {}

    @property
    def system(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]


class Provenance(_Frozen):
    """Where a number of a scenario comes from.

    Attributes
    ----------
    kind
        ``plain`` was written without a reason, ``unstated`` was not written at all and is a
        default of this program; the others say their source.
    value
        The number with its unit, as text.
    facts
        Ids of the facts behind a reported or derived number.
    formula
        Of a derived number.
    range
        Smallest and largest plausible value of an assumed or calibrated number, with units.
    because
        The reason for an assumption, or how a number was calibrated.
    """

    kind: Literal["reported", "derived", "calibrated", "assumed", "unstated", "plain"]
    value: str
    facts: tuple[str, ...] = ()
    formula: str | None = None
    range: tuple[str, str] | None = None
    because: str | None = None


@dataclass(frozen=True)
class Evidence:
    """The catalogue of facts and derived ratios, by id, in file order."""

    systems: Mapping[str, SystemName] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    derived: Mapping[str, DerivedRatio] = field(default_factory=dict)
    inconsistencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("systems", "documents", "facts", "derived", "inconsistencies"):
            frozen = MappingProxyType(dict(getattr(self, name)))
            object.__setattr__(self, name, frozen)

    def __len__(self) -> int:
        return len(self.facts)

    def fact(self, fact_id: str) -> Fact:
        """The fact of that id, or an `EvidenceError` that suggests the nearest ids."""
        found = self.facts.get(fact_id)
        if found is None:
            raise _unknown(fact_id, [*self.facts, *self.derived])
        return found

    def reported(self, fact_id: str, use: Number | None = None) -> Fraction:
        """The number that a scenario means by ``{reported: fact_id, use: …}``.

        Parameters
        ----------
        fact_id
            Id of a fact with a value.
        use
            The value taken; required for a bound or a range, and checked against the fact.

        Raises
        ------
        EvidenceError
            If the id is unknown or derived, the fact is a rule or an uncited assumption, or `use`
            is missing or contradicts the fact.
        """
        if fact_id in self.derived:
            raise _fault(
                "derived-not-reported",
                f"{fact_id} is a derived ratio, not a reported fact",
                f"{fact_id} 是推算比值，不是报告事实",
                (f'write {{derived: "{fact_id}"}}', f'请写 {{derived: "{fact_id}"}}'),
            )
        fact = self.fact(fact_id)
        _refuse_without_number(fact)
        taken = None if use is None else exact(use)
        if taken is None:
            if isinstance(fact.value, Fraction) and fact.is_exact:
                return fact.value
            raise _use_missing(fact)
        if not fact.admits(taken):
            raise _use_contradicts(fact, taken)
        return taken

    def derive(self, formula: str, use: Mapping[str, Number] | None = None) -> Fraction:
        """The number that a scenario means by ``{derived: formula, use: {…}}``.

        Parameters
        ----------
        formula
            Over ids of facts and of derived ratios.
        use
            The value taken for each fact that reports a bound or a range.

        Raises
        ------
        EvidenceError
            As `reported`, or if the formula is malformed or `use` names an id it does not hold.
        """
        taken = use or {}
        for name in taken:
            if name not in formula_ids(formula):
                raise _fault(
                    "unused-use",
                    f"use: gives a value for {name}, which the formula does not name",
                    f"use: 给出了 {name} 的取值，但公式中没有它",
                )

        def value(name: str) -> Fraction:
            ratio = self.derived.get(name)
            if ratio is not None:
                return self.derive(ratio.formula, ratio.use)
            return self.reported(name, taken.get(name))

        return evaluate(formula, value)


def exact(value: Number) -> Fraction:
    """A number as an exact rational: ``2.3`` is 23/10, ``"514/43"`` is itself."""
    if isinstance(value, Fraction | int) and not isinstance(value, bool):
        return Fraction(value)
    text = str(value).strip()
    try:
        if len(text) > _LONGEST_NUMBER or isinstance(value, bool):
            raise ValueError
        if "/" in text:
            return Fraction(text)
        number = Decimal(text)
        if not number.is_finite() or abs(number.adjusted()) > _LONGEST_NUMBER:
            raise ValueError
        return Fraction(number)
    except (ValueError, InvalidOperation, ZeroDivisionError):
        shown = text if len(text) <= _LONGEST_NUMBER else text[:_LONGEST_NUMBER] + "…"
        raise _fault(
            "not-a-number", f"“{shown}” is not a number", f"“{shown}”不是数字"
        ) from None


_LONGEST_NUMBER = 60


def plain(value: Fraction) -> str:
    """A rational as people write it: whole or with at most six significant digits."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.6g}"


def _refuse_without_number(fact: Fact) -> None:
    if fact.value is None:
        raise _fault(
            "fact-without-value",
            f"{fact.id} is a rule without a value",
            f"{fact.id} 是没有数值的规则",
            ("give the number as {assumed: …, range: […], because: …}",
             "请改写为 {assumed: …, range: […], because: …}"),
        )  # fmt: skip
    if fact.kind == "assumption":
        raise _fault(
            "uncited-fact",
            f"{fact.id} has no source, so it cannot be reported",
            f"{fact.id} 没有出处，不能作为报告数据",
            (f"write {{assumed: …, range: [{_bounds(fact)}], because: …}}",
             f"请写 {{assumed: …, range: [{_bounds(fact)}], because: …}}"),
        )  # fmt: skip


def _bounds(fact: Fact) -> str:
    ends = fact.value if isinstance(fact.value, tuple) else (fact.value, fact.value)
    return ", ".join(plain(end) for end in ends if end is not None)


def _example(fact: Fact) -> str:
    value = fact.value[0] if isinstance(fact.value, tuple) else fact.value
    return plain(value) if value is not None else ""


def _use_missing(fact: Fact) -> EvidenceFault:
    what = f"{fact.value_text()} {fact.unit}"
    write = f"{{reported: {fact.id}, use: {_example(fact)}}}"
    return _fault(
        "use-missing",
        f"{fact.id} reports {what}, which is not one number",
        f"{fact.id} 报告的是 {what}，不是单一数值",
        (f"state the value you use: {write}", f"请写明取值：{write}"),
    )


def _use_contradicts(fact: Fact, taken: Fraction) -> EvidenceFault:
    what = f"{fact.value_text()} {fact.unit}"
    return _fault(
        "use-contradicts-fact",
        f"use: {plain(taken)} contradicts {fact.id}, which reports {what}",
        f"use: {plain(taken)} 与 {fact.id} 不符，其报告值为 {what}",
        ("a value of your own is {assumed: …, range: […], because: …}",
         "自定数值请写 {assumed: …, range: […], because: …}"),
    )  # fmt: skip


def _unknown(fact_id: str, known: Iterable[str]) -> EvidenceFault:
    near = get_close_matches(fact_id[:80], list(known), n=3, cutoff=0.6)
    hint = (f"did you mean {' or '.join(near)}?", f"是否指 {'、'.join(near)}？")
    listed = ("`gridgov facts` lists all ids", "用 `gridgov facts` 查看全部编号")
    return _fault(
        "unknown-fact",
        f"there is no fact “{fact_id[:80]}”",
        f"没有编号为“{fact_id[:80]}”的事实",
        hint if near else listed,
    )


def _fault(code: str, en: str, zh: str, hint: tuple[str, str] | None = None) -> EvidenceFault:
    hint_en, hint_zh = hint or (None, None)
    return EvidenceFault(
        Problem(code=code, message_en=en, message_zh=zh, hint_en=hint_en, hint_zh=hint_zh)
    )
