"""A fact, a derived ratio and the document behind them: the entries of the evidence catalogue.

A *fact* is one figure or rule that a published document reports about a system; an entry
without a value is a rule. A *derived ratio* is a formula over facts. Values are exact
rationals, so that 2.3 percent in a file is 23/1000 in every computation.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from sim.errors import Language, Problem
from sim.model.formula import ProvenanceError

Number = int | float | str | Decimal | Fraction
"""What a file or a caller may give as a number; floats are read by their shortest decimal."""

Operator = Literal["eq", "ge", "le", "approx"]
"""How a reported value is meant: exactly, at least, at most, or about."""

FactKind = Literal[
    "structure", "staffing", "rule", "process", "mode", "cost", "demand", "outcome",
    "benchmark", "assumption",
]  # fmt: skip
"""`benchmark` and `assumption` belong to the domain figures, the others to the systems."""

FACT_KINDS: tuple[FactKind, ...] = get_args(FactKind)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Document(_Frozen):
    """A published text that facts were taken from.

    Attributes
    ----------
    key
        Name by which facts refer to it.
    title, title_zh
        Plain English rendering, and the title as printed; where none is printed a description
        in brackets, or None.
    publisher, date
        As printed; ``unstated`` and ``undated`` where the text says nothing.
    """

    key: str
    title: str
    title_zh: str | None
    publisher: str
    date: str

    def called(self, lang: Language) -> str:
        """The title in a language, or in the other where only that is known."""
        return (lang == "zh" and self.title_zh) or self.title


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
    statement, statement_zh
        What is reported, in our own words in both languages; the source's are not copied.
    unit_zh
        The unit in Chinese; where it is missing, as in `unit`.
    use
        What a simulator does with it.
    measured_against
        Baseline and period of an outcome, or that they are unknown.
    citation, grade
        Source of a domain figure; ``cited``, ``weak`` (a mirror or aggregator)
        or ``uncited``.
    """

    id: str
    kind: FactKind
    value: Fraction | tuple[Fraction, Fraction] | None = None
    unit: str | None = None
    unit_zh: str = ""
    operator: Operator | None = None
    statement: str
    statement_zh: str = ""
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

    def said(self, lang: Language) -> str:
        """What is reported, in a language."""
        return (lang == "zh" and self.statement_zh) or self.statement

    def unit_in(self, lang: Language) -> str:
        """The unit in a language; empty for a rule."""
        return (lang == "zh" and self.unit_zh) or self.unit or ""

    def reported_text(self, lang: Language) -> str:
        """The value with its unit, such as ``≥ 10 persons per grid``; empty for a rule."""
        joint = "" if lang == "zh" else " "
        return f"{self.value_text()}{joint}{self.unit_in(lang)}".strip()

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
        """The value as people write it, such as ``≥ 10`` or ``300–400``; empty for a rule."""
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
    value
        The same to six significant digits, for reading.
    statement, statement_zh
        What it is, in both languages.
    use
        The value taken for each fact that reports a bound or a range.
    """

    id: str
    formula: str
    exact: Fraction
    value: Fraction
    statement: str
    statement_zh: str = ""
    use: Mapping[str, Fraction] = {}

    @property
    def system(self) -> str:
        """The part of the id before the dot."""
        return self.id.partition(".")[0]

    def said(self, lang: Language) -> str:
        """What it is, in a language."""
        return (lang == "zh" and self.statement_zh) or self.statement


def exact(value: Number) -> Fraction:
    """A number as an exact rational: ``2.3`` is 23/10, ``"514/43"`` is itself.

    Raises
    ------
    EvidenceError
        If it is not a finite number of reasonable length.
    """
    if isinstance(value, Fraction | int) and not isinstance(value, bool):
        return Fraction(value)
    text = str(value).strip()
    try:
        if len(text) <= _LONGEST_NUMBER and not isinstance(value, bool):
            number = Fraction(text) if "/" in text else _decimal(text)
            if number is not None:
                return number
    except (ValueError, InvalidOperation, ZeroDivisionError):
        pass
    shown = text if len(text) <= _LONGEST_NUMBER else text[:_LONGEST_NUMBER] + "…"
    raise ProvenanceError(
        Problem(
            code="not-a-number",
            message_en=f"“{shown}” is not a number",
            message_zh=f"“{shown}”不是数字",
        )
    )


def _decimal(text: str) -> Fraction | None:
    number = Decimal(text)
    # An exponent such as 1e999999999 is short to write and enormous as a rational.
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST_NUMBER:
        return None
    return Fraction(number)


def plain(value: Fraction) -> str:
    """A rational as people write it: whole or with at most six significant digits."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.6g}"


_LONGEST_NUMBER = 60
