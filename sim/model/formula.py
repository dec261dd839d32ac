"""Exact arithmetic over facts: the formulas behind ``{derived: "a.households / a.grids"}``.

A formula knows numbers, fact ids, ``+ - * /`` (also ``− × ÷``), parentheses and the functions
min, max, round, ceil and floor. It is parsed into postfix code and computed in exact rationals,
so a staffing ratio never depends on the order of floating-point operations. Formulas come
from files that other people wrote, hence no `eval`, no powers and no exponents: with the limits
below nothing can take long or grow large.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import NoReturn

from sim.errors import EvidenceError, Problem

MAX_LENGTH = 500
"""Longest formula in characters; the longest one in the shipped evidence has about 140."""

MAX_DEPTH = 32
"""Deepest nesting of parentheses, functions and signs."""

MAX_DIGITS = 24
"""Longest number; no figure of a city needs more."""

_SAME_AS = str.maketrans("−×÷（），．", "-*/(),.")
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<id>[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*(?![\w.]))"
    r"|(?P<name>[A-Za-z_][\w.]*)|(?P<number>\d+(?:\.\d+)?(?![\w.]))|(?P<mark>[-+*/(),])"
    r"|(?P<bad>[\w.]+)",
    re.ASCII,
)
_FUNCTIONS = {"min": 0, "max": 0, "round": 1, "ceil": 1, "floor": 1}  # 0: one or more


class ProvenanceError(EvidenceError):
    """An evidence error that carries its `Problem`, so that a reader can add the position.

    Parameters
    ----------
    problem
        What is wrong in both languages; `Problem.column` counts from 1 within the formula,
        or is 0 where no formula is concerned.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        # Exceptions are rebuilt from `args` when a worker process hands one back.
        super().__init__(problem)

    def __str__(self) -> str:
        hint = self.problem.hint_en
        return f"{self.problem.message_en}; {hint}" if hint else self.problem.message_en


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class _Step:
    """One postfix instruction; `count` is the number of values that it takes."""

    kind: str
    text: str
    count: int
    column: int


def evaluate(formula: str, values: Callable[[str], Fraction]) -> Fraction:
    """The exact value of a formula.

    Parameters
    ----------
    formula
        Text such as ``"ceil(anqiu.households / 300)"``. ``round`` goes to the nearest whole
        number and halves away from zero, as planners round.
    values
        Gives the value of a fact id; its `ProvenanceError` is passed on with the column.

    Raises
    ------
    EvidenceError
        If the formula is malformed, too long or too deep, divides by zero, or `values` refuses.
    """
    stack: list[Fraction] = []
    for step in _parse(formula):
        arguments = stack[len(stack) - step.count :]
        del stack[len(stack) - step.count :]
        stack.append(_compute(step, arguments, values))
    return stack[0]


def formula_ids(formula: str) -> tuple[str, ...]:
    """The ids that a formula names, each once, in order of appearance."""
    return tuple(dict.fromkeys(step.text for step in _parse(formula) if step.kind == "id"))


def _compute(step: _Step, args: list[Fraction], values: Callable[[str], Fraction]) -> Fraction:
    match step.kind, step.text:
        case "number", text:
            return Fraction(text)
        case "id", name:
            return _look_up(step, name, values)
        case "sign", "-":
            return -args[0]
        case "function", name:
            return _call(name, args)
        case _, "+":
            return args[0] + args[1]
        case _, "-":
            return args[0] - args[1]
        case _, "*":
            return args[0] * args[1]
        case _:
            if not args[1]:
                _fail("division-by-zero", "division by zero", "除数为零", step.column)
            return args[0] / args[1]


def _look_up(step: _Step, name: str, values: Callable[[str], Fraction]) -> Fraction:
    try:
        return values(name)
    except ProvenanceError as fault:
        raise ProvenanceError(replace(fault.problem, column=step.column)) from None


def _call(name: str, args: list[Fraction]) -> Fraction:
    if name == "min":
        return min(args)
    if name == "max":
        return max(args)
    value = args[0]
    if name == "floor":
        return Fraction(math.floor(value))
    if name == "ceil":
        return Fraction(math.ceil(value))
    half_up = math.floor(abs(value) + Fraction(1, 2))
    return Fraction(half_up if value >= 0 else -half_up)


@lru_cache(maxsize=1024)
def _parse(formula: str) -> tuple[_Step, ...]:
    if len(formula) > MAX_LENGTH:
        _fail(
            "formula-too-long",
            f"the formula has {len(formula)} characters; at most {MAX_LENGTH} are allowed",
            f"公式有 {len(formula)} 个字符，最多允许 {MAX_LENGTH} 个",
        )
    parser = _Parser(_tokens(formula))
    parser.sum(0)
    rest = parser.peek()
    if rest.kind != "end":
        _unexpected(rest)
    return tuple(parser.steps)


def _tokens(formula: str) -> list[_Token]:
    text = formula.translate(_SAME_AS)
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            _unexpected(_Token("mark", formula[at], at + 1))
        kind = found.lastgroup or ""
        if kind == "bad":
            _fail(
                "not-a-number",
                f"“{found.group()[:MAX_DIGITS]}” is not a plain decimal number",
                f"“{found.group()[:MAX_DIGITS]}”不是普通小数",
                at + 1,
            )
        if kind == "number" and len(found.group()) > MAX_DIGITS:
            _fail(
                "number-too-long",
                f"a number has more than {MAX_DIGITS} digits",
                f"数字超过 {MAX_DIGITS} 位",
                at + 1,
            )
        if kind != "space":
            tokens.append(_Token(kind, found.group(), at + 1))
        at = found.end()
    tokens.append(_Token("end", "", len(text) + 1))
    return tokens


class _Parser:
    """Recursive descent; writes postfix steps, so computing needs no recursion."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.steps: list[_Step] = []

    def peek(self) -> _Token:
        return self.tokens[self.at]

    def next(self) -> _Token:
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def expect(self, mark: str) -> None:
        token = self.next()
        if token.text != mark:
            _unexpected(token, wanted=mark)

    def sum(self, depth: int) -> None:
        self.product(depth)
        while self.peek().text in ("+", "-"):
            mark = self.next()
            self.product(depth)
            self.steps.append(_Step("operator", mark.text, 2, mark.column))

    def product(self, depth: int) -> None:
        self.signed(depth)
        while self.peek().text in ("*", "/"):
            mark = self.next()
            self.signed(depth)
            self.steps.append(_Step("operator", mark.text, 2, mark.column))

    def signed(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            _fail(
                "formula-too-deep",
                f"the formula is nested deeper than {MAX_DEPTH} levels",
                f"公式嵌套超过 {MAX_DEPTH} 层",
                self.peek().column,
            )
        if self.peek().text == "-":
            mark = self.next()
            self.signed(depth + 1)
            self.steps.append(_Step("sign", "-", 1, mark.column))
        else:
            self.atom(depth)

    def atom(self, depth: int) -> None:
        token = self.next()
        if token.kind in ("number", "id"):
            self.steps.append(_Step(token.kind, token.text, 0, token.column))
        elif token.text == "(":
            self.sum(depth + 1)
            self.expect(")")
        elif token.kind == "name":
            self.call(token, depth)
        else:
            _unexpected(token)

    def call(self, name: _Token, depth: int) -> None:
        if name.text not in _FUNCTIONS:
            _fail(
                "unknown-function",
                f"“{name.text[:80]}” is neither a fact id (system.name) nor a function",
                f"“{name.text[:80]}”既不是事实编号（system.name），也不是函数",
                name.column,
                (
                    "functions are " + ", ".join(_FUNCTIONS),
                    "可用函数：" + "、".join(_FUNCTIONS),
                ),
            )
        self.expect("(")
        self.sum(depth + 1)
        count = 1
        while self.peek().text == ",":
            self.next()
            self.sum(depth + 1)
            count += 1
        self.expect(")")
        allowed = _FUNCTIONS[name.text]
        if allowed and count != allowed:
            _fail(
                "wrong-arguments",
                f"{name.text} takes {allowed} argument, not {count}",
                f"{name.text} 需要 {allowed} 个参数，而非 {count} 个",
                name.column,
            )
        self.steps.append(_Step("function", name.text, count, name.column))


def _unexpected(token: _Token, wanted: str = "") -> NoReturn:
    en = f"“{token.text}” is not expected here" if token.text else "the formula ends too early"
    zh = f"此处不应出现“{token.text}”" if token.text else "公式不完整"
    hint = (f"expected “{wanted}”", f"此处应为“{wanted}”") if wanted else None
    _fail("bad-formula", en, zh, token.column, hint)


def _fail(
    code: str, en: str, zh: str, column: int = 0, hint: tuple[str, str] | None = None
) -> NoReturn:
    if column:
        en, zh = f"{en} (column {column} of the formula)", f"{zh}（公式第 {column} 列）"
    hint_en, hint_zh = hint or (None, None)
    raise ProvenanceError(
        Problem(
            code=code,
            message_en=en,
            message_zh=zh,
            column=column,
            hint_en=hint_en,
            hint_zh=hint_zh,
        )
    )
