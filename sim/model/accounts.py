"""Accounts: funds that are drawn on until they are empty, and filled up by the calendar."""

from typing import Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from sim.model.notion import Label, Name, Notion
from sim.units import Money


class Account(Notion):
    """A fund, one in each place of a level."""

    title: Label | None = None
    """Name shown to people."""
    at: Name | None = None
    """The level whose places each have such a fund; None: the root."""
    balance: Money
    """What is in it at the start of the run."""
    refill: Money | None = None
    """What it holds at the beginning of each later period; None: it is never filled up."""
    every: Literal["month", "quarter", "year"] | None = None
    """The civil period of the refill."""
    carry_over: bool = False
    """Whether what is left of a period is kept beside the refill; otherwise it lapses."""


class AmountRange(Notion):
    """Every amount between two bounds is equally likely, in whole fen."""

    low: Money
    """Least."""
    high: Money
    """Most."""

    @model_validator(mode="after")
    def _ordered(self) -> "AmountRange":
        if not self.low <= self.high < self.low + 2**31:
            message = "low must not be above high, nor more than 21 million CNY below it"
            raise PydanticCustomError("amounts_not_ordered", message)
        return self


class PayStep(Notion):
    """A payment out of an account, or the ordinary path where there is too little in it."""

    account: Name
    """The account: that of its own place, or of the place above it at the account's level."""
    amount: Money | AmountRange
    """What is paid: a fixed amount, or one drawn between `low` and `high`."""
    otherwise: Name
    """The step of those for whom there is too little; nothing is paid then."""
