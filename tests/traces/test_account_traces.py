"""A fund that runs empty, takes the ordinary path meanwhile, and is filled up again."""

import pytest

from tests.traces.playing import HOUR, played

DAY = 24 * HOUR
FUND = """
run: {start: 2024-01-30, horizon: %(horizon)s}
sources: {callers: {kind: arrivals, times: [%(times)s], classes: {call: 1}}}
requests: {call: {flow: f, work: 1 h}}
flows:
  f:
    start: fund
    steps:
      fund: {pay: {account: purse, amount: %(amount)s, otherwise: apply}, next: mend}
      apply: {delay: 6 h, next: mend}
      mend: {work: {line: desk}}
accounts: {purse: {balance: %(balance)s, %(refill)s}}
lines: {desk: {}}
pools: {clerks: {staff: 9, serves: [desk]}}
"""
MONEY = ("PAY", "EMPTY", "REFILL")


def fund(times, refill="", amount="4 CNY", horizon="40 d", balance="10 CNY"):
    settings = {"times": times, "refill": refill, "amount": amount, "horizon": horizon}
    return played(FUND % {**settings, "balance": balance}, unit=DAY)


def test_a_fund_runs_empty_and_is_filled_up_at_the_begin_of_a_month():
    # 10 pays twice; the third asks at day 1.5 for 4 of 2. 1 February is day 2: 9 CNY in it and
    # the rest of 2 lapses; 1 March is day 31.
    run = fund("0 d, 1 d, 1.5 d, 3 d, 4 d, 5 d", "refill: 9 CNY, every: month")
    assert run.story(*MONEY) == [
        "0 PAY r0 =4 CNY", "1 PAY r1 =4 CNY", "1.5 EMPTY r2 =4 CNY", "2 REFILL =9 CNY",
        "3 PAY r3 =4 CNY", "4 PAY r4 =4 CNY", "5 EMPTY r5 =4 CNY", "31 REFILL =9 CNY",
    ]  # fmt: skip
    assert run.story("DELAY", "CLOSE", requests=[1, 2]) == [
        "1.04167 CLOSE r1", "1.5 DELAY r2 =0.25", "1.79167 CLOSE r2",
    ]  # fmt: skip


def test_what_is_left_is_kept_where_it_carries_over():
    run = fund("0 d, 3 d", "refill: 9 CNY, every: month, carry_over: true")
    assert run.story(*MONEY) == [
        "0 PAY r0 =4 CNY", "2 REFILL =15 CNY", "3 PAY r1 =4 CNY", "31 REFILL =20 CNY",
    ]  # fmt: skip


def test_without_a_refill_it_stays_empty():
    run = fund("0 d, 1 d, 2 d, 35 d", "")
    assert run.story(*MONEY) == [
        "0 PAY r0 =4 CNY", "1 PAY r1 =4 CNY", "2 EMPTY r2 =4 CNY", "35 EMPTY r3 =4 CNY",
    ]  # fmt: skip


@pytest.mark.parametrize(("every", "days"), [("quarter", [62, 153, 245, 337]), ("year", [337])])
def test_quarters_and_years_are_those_of_the_calendar(every, days):
    # From 30 January 2024 to 1 April are 62 days, to 1 January 337.
    run = fund("0 d", f"refill: 9 CNY, every: {every}", horizon="400 d")
    assert run.times("REFILL") == days


def test_the_last_fen_is_paid_and_the_refill_comes_after_the_reports_of_its_instant():
    run = fund("0 d, 1 d, 2 d, 2.5 d", "refill: 8 CNY, every: month", balance="8 CNY")
    assert run.story(*MONEY) == [
        "0 PAY r0 =4 CNY", "1 PAY r1 =4 CNY", "2 EMPTY r2 =4 CNY", "2 REFILL =8 CNY",
        "2.5 PAY r3 =4 CNY", "31 REFILL =8 CNY",
    ]  # fmt: skip


def test_a_period_that_begins_with_the_run_brings_no_refill():
    run = played((FUND % {
        "times": "0 d", "refill": "refill: 9 CNY, every: month", "amount": "4 CNY",
        "horizon": "40 d", "balance": "10 CNY",
    }).replace("2024-01-30", "2024-02-01"), unit=DAY)  # fmt: skip
    assert run.times("REFILL") == [29]


def test_an_amount_is_drawn_in_whole_fen_and_an_attempt_draws_anew():
    run = fund("0 d, 0 d, 0 d, 0 d", amount="{low: 1 CNY, high: 1.02 CNY}")
    log = run.log
    assert set(log.amount[log.code == 38].tolist()) <= {100, 101, 102}
    assert len(set(log.amount[log.code == 38].tolist())) > 1
    assert (log.ordinal[log.code == 38] == 0).all()
