"""Mistakes of values: quantities with their units, and where a number comes from."""

from typing import Final

from sim.scenario.message import Message

QUANTITIES: Final[dict[str, Message]] = {
    "quantity_expected": Message(
        "must be a quantity such as '{example}', got {got}",
        "应为带单位的量，如“{example}”，得到 {got}",
    ),
    "unit_missing": Message(
        "needs a unit, for example '{number} {unit}'",
        "需要单位，例如“{number} {unit}”",
        "A number alone does not say what it measures.",
        "只写数字无法知道它度量什么。",
    ),
    "unit_unknown": Message(
        "unknown unit '{unit}'",
        "未知的单位“{unit}”",
        "Units here: {allowed}.",
        "此处可用单位：{allowed}，以及相应的中文单位。",
    ),
    "quantity_unreadable": Message(
        "'{text}' cannot be read as a quantity",
        "无法读懂“{text}”",
        "Write a number and a unit, for example '{example}'.",
        "请写数字和单位，例如“{example}”。",
    ),
    "quantity_negative": Message(
        "must not be negative, got '{text}'", "不能为负，得到“{text}”"
    ),
    "quantity_too_fine": Message(
        "'{text}' is not a whole number of {step}",
        "“{text}”不是最小单位（{step}）的整数倍",
        "Write a rounded value.",
        "请取整后再写。",
    ),
    "quantity_too_large": Message("'{text}' is too large", "“{text}”过大"),
    "rate_time": Message(
        "'{text}' must say per which time",
        "“{text}”应写明每多长时间",
        "For example '{example}'.",
        "例如“{example}”。",
    ),
    "proportion_range": Message(
        "a share lies between 0 and 1 (0 % and 100 %), got {value}",
        "比例应在 0 到 1（0 % 到 100 %）之间，得到 {value}",
    ),
    "noun_wrong": Message(
        "'{text}' does not count what is needed here",
        "“{text}”的计数对象不对",
        "Write the number alone or with '{noun}'.",
        "请只写数字，或写单位“{noun}”。",
    ),
    "date_unreadable": Message(
        "'{text}' is not a date",
        "“{text}”不是日期",
        "Write for example 2022-03-07 or 2022-03-07 08:30.",
        "例如 2022-03-07 或 2022-03-07 08:30。",
    ),
    "time_unreadable": Message(
        "'{text}' is not a time of day",
        "“{text}”不是时刻",
        "Write for example 08:30; midnight at the end of the day is 24:00.",
        "例如 08:30；一天结束的零点写 24:00。",
    ),
}

PROVENANCE: Final[dict[str, Message]] = {
    "origin_two": Message(
        "a value has one origin, not both '{first}' and '{second}'",
        "一个值只能有一个来源，不能同时有“{first}”和“{second}”",
        "Keep the one that the number comes from.",
        "请只保留数字的实际来源。",
    ),
    "origin_key": Message(
        "'{key}' does not go with '{origin}'",
        "“{key}”不能与“{origin}”一起使用",
        "Keys here: {allowed}.",
        "此处可用：{allowed}。",
    ),
    "origin_text": Message(
        "'{origin}' takes {wanted}, got {got}", "“{origin}”应为{wanted_zh}，得到 {got}"
    ),
    "because_missing": Message(
        "an assumed value needs a reason",
        "假定值需要说明理由",
        "Add 'because: …' with what speaks for the value.",
        "请加上“because: …”，写明依据。",
    ),
    "range_missing": Message(
        "an assumed value needs its plausible range",
        "假定值需要给出合理范围",
        "Add 'range: [low, high]'; sensitivity runs draw from it.",
        "请加上“range: [低, 高]”；敏感性分析据此取值。",
    ),
    "range_form": Message(
        "range takes two values of the same kind as the number itself, low before high",
        "range 应为两个与取值同类的值，先低后高",
        "Write for example 'range: [150, 500]' or 'range: [10 min, 1 h]'.",
        "例如“range: [150, 500]”或“range: [10 min, 1 h]”。",
    ),
    "range_outside": Message(
        "{value} lies outside its own range {low} to {high}",
        "{value} 不在自己的范围 {low} 至 {high} 之内",
        "Widen the range or change the value.",
        "请放宽范围或修改取值。",
    ),
}
