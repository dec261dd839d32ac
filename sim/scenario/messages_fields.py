"""Mistakes of single fields: unknown, missing, of the wrong kind, against a model's rule."""

from typing import Final

from sim.scenario.message import Message

FIELDS: Final[dict[str, Message]] = {
    "extra_forbidden": Message(
        "unknown key '{key}'",
        "未知的键“{key}”",
        "Fields here: {allowed}.",
        "此处可用字段：{allowed}。",
        "Did you mean '{suggestion}'? Fields here: {allowed}.",
        "是否指“{suggestion}”？此处可用字段：{allowed}。",
    ),
    "missing": Message(
        "the field '{key}' is missing",
        "缺少字段“{key}”",
        "{about}",
        "{about_zh}",
    ),
    "string_type": Message(
        "must be text, got {got}",
        "应为文本，得到 {got}",
        "Put it in quotes if it is meant as text.",
        "若确为文本，请加引号。",
    ),
    "int_type": Message(
        "must be a whole number, got {got}",
        "应为整数，得到 {got}",
        "Write digits only, without quotes.",
        "请只写数字，不加引号。",
    ),
    "int_from_float": Message(
        "must be a whole number, got {got}",
        "应为整数，得到 {got}",
        "Round it; in a formula write round(…), ceil(…) or floor(…).",
        "请取整；公式中可用 round(…)、ceil(…) 或 floor(…)。",
    ),
    "float_type": Message(
        "must be a number, got {got}",
        "应为数字，得到 {got}",
        "Write digits only, without quotes.",
        "请只写数字，不加引号。",
    ),
    "bool_type": Message(
        "must be true or false, got {got}",
        "应为 true 或 false，得到 {got}",
        "Write true or false; yes, no, on and off are plain text.",
        "请写 true 或 false；yes、no、on、off 只是普通文本。",
    ),
    "list_type": Message(
        "must be a list, got {got}",
        "应为列表，得到 {got}",
        "Write [a, b] or one '- item' per line.",
        "请写 [a, b]，或每行一个“- 项”。",
    ),
    "dict_type": Message(
        "must be a mapping of 'name: value' lines, got {got}",
        "应为“名称: 值”的映射，得到 {got}",
    ),
    "model_type": Message(
        "must be a mapping, got {got}",
        "应为映射，得到 {got}",
        "Fields here: {allowed}.",
        "此处可用字段：{allowed}。",
    ),
    "literal_error": Message(
        "must be {expected}, got {got}",
        "应为 {expected}，得到 {got}",
        "{about}",
        "{about_zh}",
    ),
    "union_tag_invalid": Message(
        "must be {expected}, got {got}",
        "应为 {expected}，得到 {got}",
    ),
    "union_tag_not_found": Message(
        "does not say of which kind it is",
        "没有说明种类",
        "Give '{discriminator}': one of {expected}.",
        "请给出“{discriminator}”：{expected} 之一。",
    ),
    "greater_than": Message(
        "must be more than {gt}, got {got}", "应大于 {gt}，得到 {got}", "{about}", "{about_zh}"
    ),
    "greater_than_equal": Message(
        "must be {ge} or more, got {got}", "应不小于 {ge}，得到 {got}", "{about}", "{about_zh}"
    ),
    "less_than": Message(
        "must be less than {lt}, got {got}", "应小于 {lt}，得到 {got}", "{about}", "{about_zh}"
    ),
    "less_than_equal": Message(
        "must be {le} or less, got {got}", "应不大于 {le}，得到 {got}", "{about}", "{about_zh}"
    ),
    "multiple_of": Message(
        "must be a multiple of {multiple_of}, got {got}",
        "应为 {multiple_of} 的倍数，得到 {got}",
    ),
    "too_short": Message(
        "needs at least {min_length} entries, got {actual_length}",
        "至少需要 {min_length} 项，得到 {actual_length} 项",
    ),
    "too_long": Message(
        "takes at most {max_length} entries, got {actual_length}",
        "最多 {max_length} 项，得到 {actual_length} 项",
    ),
    "string_too_short": Message("must not be empty", "不能为空"),
    "string_too_long": Message(
        "must have at most {max_length} characters", "最多 {max_length} 个字符"
    ),
    "string_pattern_mismatch": Message(
        "{got} is not written as needed here",
        "{got} 的写法不符合要求",
        "{about}",
        "{about_zh}",
    ),
    "bad_name": Message(
        "'{key}' cannot be a name",
        "“{key}”不能用作名称",
        "A name begins with a letter (of any script) and goes on with letters, digits, '_' or"
        " '-'.",
        "名称以字母或汉字开头，其后为字母、汉字、数字、“_”或“-”。",
    ),
    "finite_number": Message("must be a finite number, got {got}", "应为有限数，得到 {got}"),
    "null": Message(
        "has no value",
        "没有值",
        "Write a value after the ':', {{}} for an empty mapping, or delete the line.",
        "请在冒号后写值，空映射写 {{}}，或删除该行。",
    ),
    "more": Message(
        "{count} more problems follow",
        "另有 {count} 处问题",
        "Mend these first.",
        "请先改正以上各处。",
    ),
    "value_error": Message("{error}", "{error}"),
    "other": Message("{error}", "{error}"),
}

MODEL_ZH: Final[dict[str, str]] = {
    "law_not_one": "请写“30 min”之类的时长，或只给出 {families} 之一；得到 {given}",
    "review_not_one": "{effects} 须恰好给出一个",
    "level_not_one": "{targets} 须恰好给出一个",
    "level_unmoved": "above 与 below 至少给出一个",
    "replaces_not_one": "share 与 number 须恰好给出一个",
    "shares_not_one": "混合分布的占比之和须为 1",
    "must be longer than zero": "须大于零",
    "step_not_one": "{forms} 须恰好给出一个",
    "amounts_not_ordered": "low 不能大于 high，二者相差也不能超过 2100 万元",
    "give exactly one of always: true, week, part_days, rota and windows": (
        "always: true、week、part_days、rota、windows 须恰好给出一个"
    ),
    "give exactly one of above and below": "above 与 below 须恰好给出一个",
    "give exactly one of at, shock, state and after": "at、shock、state、after 须恰好给出一个",
    "give exactly one of at, shock, lasts and state": "at、shock、lasts、state 须恰好给出一个",
    "give exactly one of count, per_parent and households": (
        "count、per_parent、households 须恰好给出一个"
    ),
    "give at most one of class, level, mode and pool": (
        "class、level、mode、pool 最多给出一个"
    ),
    "against goes with relative and points, and only with them": (
        "against 须与 relative 或 points 同用，其他情形不写"
    ),
    "window goes with count, and only with it": "window 须与 count 同用，其他情形不写",
    "window is the shortest and the longest stretch, in this order": (
        "window 依次为最短和最长的时段"
    ),
    "give levels or rows, not both": "levels 与 rows 只能给出一个",
}
"""Chinese of the sentences that the model's own rules bring, by kind or by English text."""
