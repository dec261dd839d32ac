"""The evidence catalogue, and how a number of a scenario says where it comes from.

The catalogue refuses to be misquoted: a rule has no number to give, and a bound ("at least
ten") or a range ("300 to 400") gives none until the scenario states which value it uses.
Nothing here reads a file; `sim.scenario.evidence` fills the catalogue.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict

from sim.errors import Problem
from sim.model.facts import (
    FACT_KINDS,
    DerivedRatio,
    Document,
    Fact,
    FactKind,
    Number,
    Operator,
    SystemName,
    exact,
    plain,
)
from sim.model.formula import ProvenanceError, evaluate, formula_ids

__all__ = [
    "FACT_KINDS",
    "DerivedRatio",
    "Document",
    "Evidence",
    "Fact",
    "FactKind",
    "Number",
    "Operator",
    "Provenance",
    "ProvenanceError",
    "SystemName",
    "evaluate",
    "exact",
    "formula_ids",
    "plain",
]


class Provenance(BaseModel):
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

    model_config = ConfigDict(frozen=True, extra="forbid")

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
            If the id is unknown or derived, the fact is a rule or has no source, or `use`
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


def _use_missing(fact: Fact) -> ProvenanceError:
    what, what_zh = fact.reported_text("en"), fact.reported_text("zh")
    write = f"{{reported: {fact.id}, use: {_example(fact)}}}"
    beside = f"use: {{{fact.id}: {_example(fact)}}}"
    return _fault(
        "use-missing",
        f"{fact.id} reports {what}, which is not one number",
        f"{fact.id} 报告的是 {what_zh}，不是单一数值",
        (
            f"state the value you use: {write}, or {beside} beside a formula",
            f"请写明取值：{write}，公式旁则写 {beside}",
        ),
    )


def _use_contradicts(fact: Fact, taken: Fraction) -> ProvenanceError:
    what, what_zh = fact.reported_text("en"), fact.reported_text("zh")
    return _fault(
        "use-contradicts-fact",
        f"use: {plain(taken)} contradicts {fact.id}, which reports {what}",
        f"use: {plain(taken)} 与 {fact.id} 不符，其报告值为 {what_zh}",
        ("a value of your own is {assumed: …, range: […], because: …}",
         "自定数值请写 {assumed: …, range: […], because: …}"),
    )  # fmt: skip


def _unknown(fact_id: str, known: Iterable[str]) -> ProvenanceError:
    near = get_close_matches(fact_id[:80], list(known), n=3, cutoff=0.6)
    hint = (f"did you mean {' or '.join(near)}?", f"是否指 {'、'.join(near)}？")
    listed = ("`gridgov facts` lists all ids", "用 `gridgov facts` 查看全部编号")
    return _fault(
        "unknown-fact",
        f"there is no fact “{fact_id[:80]}”",
        f"没有编号为“{fact_id[:80]}”的事实",
        hint if near else listed,
    )


def _fault(code: str, en: str, zh: str, hint: tuple[str, str] | None = None) -> ProvenanceError:
    hint_en, hint_zh = hint or (None, None)
    return ProvenanceError(
        Problem(code=code, message_en=en, message_zh=zh, hint_en=hint_en, hint_zh=hint_zh)
    )
