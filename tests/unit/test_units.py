"""Quantities are read exactly, in two languages, and refused with a reason."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from sim import units
from sim.units import PayValue, RateValue, SpanValue


def shown(value):
    """A test id that every process agrees on: a function by its name, the rest as written."""
    return getattr(value, "__name__", repr(value))


H, MIN, D = units.HOUR, units.MINUTE, units.DAY


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("2 h", 2 * H),
        ("2h", 2 * H),
        ("0.1 h", 360_000_000),
        ("2 h 30 min", 2 * H + 30 * MIN),
        ("2小时30分钟", 2 * H + 30 * MIN),
        ("2 个小时", 2 * H),
        ("３０ 分钟", 30 * MIN),
        ("90 s", 90 * units.SECOND),
        ("5 us", 5),
        ("5 µs", 5),
        ("5 微秒", 5),
        ("250 毫秒", 250_000),
        ("1 d", D),
        ("2 weeks", 14 * D),
        ("2 周", 14 * D),
        ("1 month", 30 * D),
        ("3 个月", 90 * D),
        ("1 年", 365 * D),
        ("1,440 min", D),
        ("1e3 s", 1000 * units.SECOND),
        ("1/3 h", 20 * MIN),
        ("0 s", 0),
    ],
    ids=shown,
)
def test_a_duration_is_read_exactly(text, us):
    assert units.parse_duration(text) == us


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (30, "unit_missing"),
        (0.5, "unit_missing"),
        ("30", "unit_missing"),
        ("30 hrs", "unit_unknown"),
        ("30 CNY", "unit_unknown"),
        ("half an hour", "quantity_unreadable"),
        ("h", "quantity_unreadable"),
        ("-2 h", "quantity_negative"),
        ("0.0000001 s", "quantity_too_fine"),
        ("1/7 s", "quantity_too_fine"),
        ("1/0 s", "quantity_unreadable"),
        ("9e99 year", "quantity_too_large"),
        ("9**9**7 h", "quantity_unreadable"),
        ("", "quantity_expected"),
        (True, "quantity_expected"),
        (None, "quantity_expected"),
        ([1], "quantity_expected"),
        ("1" * 100 + " h", "quantity_expected"),
    ],
    ids=shown,
)
def test_a_wrong_duration_is_refused_with_its_kind(value, kind):
    with pytest.raises(PydanticCustomError) as caught:
        units.parse_duration(value)

    assert caught.value.type == kind


def test_an_unknown_unit_is_answered_with_the_nearest_one():
    with pytest.raises(PydanticCustomError) as caught:
        units.parse_duration("30 hrs")

    assert caught.value.context["suggestion"] == "hours"


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("3 per day", RateValue(Fraction(3, D))),
        ("3/d", RateValue(Fraction(3, D))),
        ("0.5/h", RateValue(Fraction(1, 2 * H))),
        ("3 次/天", RateValue(Fraction(3, D))),
        ("1 per 20 min", RateValue(Fraction(1, 20 * MIN))),
        ("1/20 min", RateValue(Fraction(1, 20 * MIN))),
        ("1/3/h", RateValue(Fraction(1, 3 * H))),
        ("1.0/household/year", RateValue(Fraction(1, 365 * D), "household")),
        ("1.0 per household per year", RateValue(Fraction(1, 365 * D), "household")),
        ("2 件/户/月", RateValue(Fraction(2, 30 * D), "household")),
        ("0.2/person/year", RateValue(Fraction(1, 5 * 365 * D), "person")),
        ("4/商户/年", RateValue(Fraction(4, 365 * D), "shop")),
        ("0/h", RateValue(Fraction(0))),
    ],
    ids=shown,
)
def test_a_rate_is_read_exactly(text, rate):
    assert units.parse_rate(text) == rate


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (3, "unit_missing"),
        ("3 h", "unit_unknown"),
        ("3 requests", "rate_time"),
        ("3/household", "rate_time"),
        ("3/household/person/day", "rate_time"),
        ("3/fortnight", "unit_unknown"),
        ("3/0 d", "quantity_unreadable"),
        ("3//d", "quantity_unreadable"),
        ("-3/d", "quantity_negative"),
    ],
    ids=shown,
)
def test_a_wrong_rate_is_refused_with_its_kind(value, kind):
    with pytest.raises(PydanticCustomError) as caught:
        units.parse_rate(value)

    assert caught.value.type == kind


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (units.parse_money, "600 CNY", 60_000),
        (units.parse_money, "3.5万元", 3_500_000),
        (units.parse_money, "6 元 5 角", 650),
        (units.parse_money, "5 分", 5),
        (units.parse_pay, "600 CNY/month", PayValue(Fraction(60_000))),
        (units.parse_pay, "600 元/月", PayValue(Fraction(60_000))),
        (units.parse_pay, "6 万元/年", PayValue(Fraction(500_000))),
        (units.parse_pay, "25 CNY per hour", PayValue(Fraction(2_500), "h")),
        (units.parse_span, "3 workdays", SpanValue(3, "workdays")),
        (units.parse_span, "3 working days", SpanValue(3, "workdays")),
        (units.parse_span, "3 个工作日", SpanValue(3, "workdays")),
        (units.parse_span, "4 work-hours", SpanValue(4 * H, "work")),
        (units.parse_span, "48 h", SpanValue(48 * H)),
        (units.parse_proportion, 0.3, 0.3),
        (units.parse_proportion, 1, 1.0),
        (units.parse_proportion, "30 %", 0.3),
        (units.parse_proportion, "30％", 0.3),
        (units.parse_proportion, "5‰", 0.005),
        (units.parse_time_of_day, "08:30", 8 * H + 30 * MIN),
        (units.parse_time_of_day, "24:00", D),
        (units.parse_datetime, "2022-03-07", datetime.datetime(2022, 3, 7)),
        (units.parse_datetime, "2022-03-07 08:30", datetime.datetime(2022, 3, 7, 8, 30)),
        (units.parse_datetime, "2022-03-07T08:30:15", datetime.datetime(2022, 3, 7, 8, 30, 15)),
        (units.parse_datetime, "2022年3月7日", datetime.datetime(2022, 3, 7)),
    ],
    ids=shown,
)
def test_other_quantities_are_read_exactly(parse, text, value):
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "value", "kind"),
    [
        (units.parse_money, 600, "unit_missing"),
        (units.parse_money, "0.001 CNY", "quantity_too_fine"),
        (units.parse_money, "6 USD", "unit_unknown"),
        (units.parse_pay, "600 CNY", "rate_time"),
        (units.parse_pay, "600 CNY/week", "unit_unknown"),
        (units.parse_span, "2.5 workdays", "quantity_too_fine"),
        (units.parse_proportion, 1.5, "proportion_range"),
        (units.parse_proportion, float("nan"), "proportion_range"),
        (units.parse_proportion, "130 %", "proportion_range"),
        (units.parse_proportion, "30 h", "quantity_unreadable"),
        (units.parse_time_of_day, "25:00", "time_unreadable"),
        (units.parse_time_of_day, "08:75", "time_unreadable"),
        (units.parse_time_of_day, 510, "time_unreadable"),
        (units.parse_datetime, "2022-02-30", "date_unreadable"),
        (units.parse_datetime, 20220307, "date_unreadable"),
    ],
    ids=shown,
)
def test_other_wrong_quantities_are_refused_with_their_kind(parse, value, kind):
    with pytest.raises(PydanticCustomError) as caught:
        parse(value)

    assert caught.value.type == kind


@pytest.mark.parametrize(
    "value", [300, 300.0, "300", "300 households", "300户", "300 户"], ids=shown
)
def test_a_count_may_name_what_it_counts(value):
    assert TypeAdapter(units.Households).validate_python(value, strict=True) == 300


@pytest.mark.parametrize(
    "value", [3.5, -1, True, "300 persons", "300 hats", float("nan"), 1e300]
)
def test_a_count_of_the_wrong_thing_is_refused(value):
    with pytest.raises(ValidationError):
        TypeAdapter(units.Households).validate_python(value, strict=True)


@given(st.integers(min_value=0, max_value=10_000 * units.YEAR))
@example(9_000_000_000)
def test_a_written_duration_reads_as_itself(us):
    assert units.parse_duration(units.format_duration(us)) == us


@given(
    st.fractions(min_value=0, max_value=10**6, max_denominator=10**13),
    st.sampled_from([None, "household", "shop"]),
)
@example(Fraction(1, 20 * MIN), None)
def test_a_written_rate_reads_as_itself(per_us, noun):
    rate = RateValue(per_us, noun)

    assert units.parse_rate(units.format_rate(rate)) == rate


@given(st.integers(min_value=0, max_value=10**12))
def test_written_money_reads_as_itself(fen):
    assert units.parse_money(units.format_money(fen)) == fen


@given(
    st.builds(
        PayValue,
        st.fractions(min_value=0, max_value=10**9, max_denominator=10**4),
        st.sampled_from(["month", "d", "h"]),
    )
)
def test_written_pay_reads_as_itself(pay):
    assert units.parse_pay(units.format_pay(pay)) == pay


@given(
    st.builds(
        SpanValue,
        st.integers(min_value=0, max_value=10**9),
        st.sampled_from(["calendar", "work", "workdays"]),
    )
)
def test_a_written_limit_reads_as_itself(span):
    assert units.parse_span(units.format_span(span)) == span


@given(st.integers(min_value=0, max_value=86_400))
def test_a_written_time_of_day_reads_as_itself(second):
    moment = second * units.SECOND

    assert units.parse_time_of_day(units.format_time_of_day(moment)) == moment


def test_quantities_of_one_kind_compare_and_others_do_not():
    assert units.comparable("90 min") == units.comparable("1.5 h")
    assert units.comparable("1/household/year") != units.comparable("1/year")
    assert units.comparable(3) == ("number", 3)
    assert units.comparable("80 %") == units.comparable("0.8") == ("number", Fraction(0.8))
    assert units.comparable("fifo") is None
    assert units.comparable(float("inf")) is None
