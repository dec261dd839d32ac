"""Which units there are and what they stand for."""

from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple

US: Final = 1
MS: Final = 1_000
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
MONTH: Final = 30 * DAY
YEAR: Final = 365 * DAY

LONGEST: Final = 10_000 * YEAR


def _names(table: dict[Any, str]) -> dict[str, Any]:
    return {name: meaning for meaning, names in table.items() for name in names.split()}


TIME_UNITS: Final[dict[str, int]] = _names(
    {
        US: "us μs microsecond microseconds 微秒",
        MS: "ms millisecond milliseconds 毫秒",
        SECOND: "s sec secs second seconds 秒 秒钟",
        MINUTE: "min mins minute minutes 分钟 分",
        HOUR: "h hr hour hours 小时 时 钟头",
        DAY: "d day days 天 日",
        WEEK: "wk week weeks 周 星期",
        MONTH: "month months mo 月",
        YEAR: "year years yr 年",
    }
)
MONEY_UNITS: Final[dict[str, int]] = _names(
    {1: "fen 分", 10: "jiao 角", 100: "CNY RMB yuan 元 块", 1_000_000: "万元 wan-yuan"}
)
NOUNS: Final[dict[str, str]] = _names(
    {
        "household": "household households hh 户 家庭",
        "person": "person persons people resident residents 人 居民",
        "shop": "shop shops 商户 店 门店 商铺",
        "worker": "worker workers 员 名 工作人员",
        "building": "building buildings 栋 楼 楼栋",
        "floor": "floor floors 层 楼层",
        "grid": "grid grids 网格",
        "community": "community communities 社区",
        "place": "place places 处",
    }
)
EVENT_NOUNS: Final = frozenset(
    _names(
        {
            True: "request requests case cases event events visit visits time times form forms"
            " round rounds 次 件 起 宗 回 份 轮"
        }
    )
)
CLOCKS: Final[dict[str, tuple[Literal["work", "workdays"], int]]] = _names(
    {
        ("workdays", 1): "workday workdays working-day working-days 工作日",
        ("work", MINUTE): "work-min work-minute work-minutes 工作分钟",
        ("work", HOUR): "work-h work-hour work-hours working-hour working-hours 工作小时 工时",
    }
)


class RateValue(NamedTuple):
    """How often something happens, for one of `noun` where there is one.

    Attributes
    ----------
    per_us
        Expected number of events in a microsecond, exact.
    noun
        What it is counted for (``household``, ``person``, ``shop`` …), or None.
    """

    per_us: Fraction
    noun: str | None = None


class PayValue(NamedTuple):
    """What somebody is paid.

    Attributes
    ----------
    fen
        Amount for one `per`, exact.
    per
        ``month`` (also what was written by the year, a twelfth of it), or an ``h`` or a
        ``d`` on duty.
    """

    fen: Fraction
    per: Literal["month", "d", "h"] = "month"


class SpanValue(NamedTuple):
    """A length of time and the clock that measures it.

    Attributes
    ----------
    amount
        µs for the clocks ``calendar`` and ``work`` (only working time counts); a number of
        working days for ``workdays``.
    clock
        Which of the three.
    """

    amount: int
    clock: Literal["calendar", "work", "workdays"] = "calendar"
