"""What every mistake is called, in both languages, and what to do about it.

One table, so that a message is never translated from the English of a library. Placeholders
are filled by `sim.scenario.problems.make`; nothing a user wrote is ever taken as a template.
"""

from typing import Final, NamedTuple


class Message(NamedTuple):
    """One kind of mistake.

    Attributes
    ----------
    en, zh
        What is wrong.
    hint_en, hint_zh
        What to do; empty where the message says so.
    near_en, near_zh
        What to do instead when there is a near miss to suggest.
    """

    en: str
    zh: str
    hint_en: str = ""
    hint_zh: str = ""
    near_en: str = "Did you mean '{suggestion}'?"
    near_zh: str = "是否指“{suggestion}”？"


DOCUMENT: Final[dict[str, Message]] = {
    "no_such_file": Message(
        "there is no file '{file}'",
        "没有文件“{file}”",
        "Check the spelling and the folder.",
        "请检查文件名和所在文件夹。",
    ),
    "is_a_folder": Message(
        "'{file}' is a folder, not a file",
        "“{file}”是文件夹，不是文件",
        "Name the YAML file inside it.",
        "请写出其中的 YAML 文件名。",
    ),
    "cannot_open": Message("'{file}' cannot be read: {reason}", "无法读取“{file}”：{reason}"),
    "too_big": Message(
        "the file is larger than {limit}",
        "文件超过 {limit}",
        "A scenario is a few pages of text; tables of places belong in a CSV file.",
        "情景文件一般只有几页；地点清单请放在 CSV 文件中。",
    ),
    "utf16": Message(
        "the file is saved as UTF-16 (“Unicode” in Notepad)",
        "文件以 UTF-16（记事本中的“Unicode”）保存",
        "Save it as UTF-8.",
        "请另存为 UTF-8（记事本：另存为 → 编码 → UTF-8）。",
    ),
    "gbk": Message(
        "the file is saved as GBK/ANSI, not as UTF-8",
        "文件以 GBK/ANSI 保存，不是 UTF-8",
        "Save it as UTF-8 (记事本: 另存为 → 编码 → UTF-8).",
        "请另存为 UTF-8（记事本：另存为 → 编码 → UTF-8）。",
    ),
    "not_utf8": Message(
        "the file is not UTF-8 text",
        "文件不是 UTF-8 文本",
        "Save it as plain text in UTF-8.",
        "请以 UTF-8 纯文本保存。",
    ),
    "bad_character": Message(
        "the control character {character} is not allowed",
        "不允许使用控制字符 {character}",
        "Delete it; it may have come along with copied text.",
        "请删除该字符；它可能是复制文本时带入的。",
    ),
    "tab": Message(
        "a tab is used for indentation",
        "使用了制表符缩进",
        "Indent with spaces.",
        "请用空格缩进。",
    ),
    "wide_colon": Message(
        "full-width colon '：' after a key",
        "键后使用了全角冒号“：”",
        "Type the ASCII ': ' (半角冒号加空格).",
        "请改用半角冒号加空格“: ”。",
    ),
    "syntax": Message(
        "this is not YAML: {reason}",
        "不是正确的 YAML：{reason}",
        "Check the indentation, the space after each ':', and that every bracket and quote is"
        " closed.",
        "请检查缩进、冒号后的空格，以及括号和引号是否成对。",
    ),
    "empty": Message(
        "the file is empty",
        "文件为空",
        "`gridgov new` writes a scenario to start from.",
        "可用 `gridgov new` 生成一个起始情景。",
    ),
    "not_a_mapping": Message(
        "a scenario is a list of 'key: value' lines, not a single value or list",
        "情景文件应由“键: 值”组成，而不是单个值或列表",
        "`gridgov new` writes a scenario to start from.",
        "可用 `gridgov new` 生成一个起始情景。",
    ),
    "many_documents": Message(
        "a second document begins here ('---')",
        "此处开始了第二个文档（“---”）",
        "Keep one scenario per file.",
        "每个文件只写一个情景。",
    ),
    "too_many_nodes": Message(
        "the document has more than {limit} keys and values",
        "文档的键和值超过 {limit} 个",
        "Large tables belong in a CSV file; aliases count as often as they are used.",
        "大表请放在 CSV 文件中；别名按使用次数计数。",
    ),
    "too_deep": Message(
        "the document is nested deeper than {limit} levels",
        "文档嵌套超过 {limit} 层",
        "Check the brackets; real scenarios need about ten levels.",
        "请检查括号；实际情景约需十层。",
    ),
    "tag": Message(
        "the tag '{tag}' is not allowed",
        "不允许使用标签“{tag}”",
        "Delete it; the field says what kind of value it takes.",
        "请删除；字段本身已规定取值类型。",
    ),
    "merge_key": Message(
        "merge keys '<<' are not allowed",
        "不允许使用合并键“<<”",
        "Use 'extends: other.yaml' to build on another scenario.",
        "请用“extends: other.yaml”继承另一个情景。",
    ),
    "empty_key": Message(
        "a key is missing before ':'", "冒号前缺少键", "Write a name.", "请写名称。"
    ),
    "key_not_text": Message(
        "a key must be plain text, not a list or mapping",
        "键必须是普通文本，不能是列表或映射",
        "Perhaps a value in braces needs quotes.",
        "花括号中的文本可能需要加引号。",
    ),
    "unknown_alias": Message(
        "there is no anchor '&{name}' before this alias",
        "此别名之前没有锚点“&{name}”",
        "Put the text in quotes if it should begin with '*'.",
        "若文本以“*”开头，请加引号。",
    ),
    "cycle": Message(
        "the alias '*{name}' stands inside its own anchor",
        "别名“*{name}”位于自己的锚点之内",
        "Write the value out.",
        "请直接写出该值。",
    ),
    "duplicate_key": Message(
        "'{key}' is given twice (first at line {line})",
        "“{key}”重复出现（首次在第 {line} 行）",
        "Keep one of the two.",
        "请保留其中一处。",
    ),
    "duplicate_alias": Message(
        "'{key}' and '{other}' are the same field (first at line {line})",
        "“{key}”与“{other}”是同一字段（首次在第 {line} 行）",
        "Keep one of the two spellings.",
        "请保留其中一种写法。",
    ),
}

READER: Final[dict[str, Message]] = {
    "extends_not_text": Message(
        "must be the name of one scenario file",
        "应为一个情景文件名",
        "Write for example 'extends: bijiang.yaml'.",
        "例如“extends: bijiang.yaml”。",
    ),
    "extends_missing": Message(
        "there is no file '{file}'",
        "没有文件“{file}”",
        "The name is relative to the folder of this file.",
        "文件名相对于本文件所在文件夹。",
    ),
    "extends_cycle": Message(
        "goes round in a circle: {chain}",
        "继承形成循环：{chain}",
        "Remove one of the links.",
        "请去掉其中一环。",
    ),
    "extends_chain": Message(
        "more than {limit} files extend one another",
        "继承超过 {limit} 个文件",
        "Build the variants on one base file.",
        "请让各方案直接继承同一个基础文件。",
    ),
    "set_form": Message(
        "--set takes 'path=value'",
        "--set 的写法为“路径=值”",
        'For example --set "run.horizon=2 weeks".',
        '例如 --set "run.horizon=2 周"。',
    ),
    "set_index": Message(
        "there is no item [{index}]; the list has {count}",
        "没有第 [{index}] 项；列表共 {count} 项",
        "Items are counted from [0].",
        "序号从 [0] 开始。",
    ),
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

CATALOGUE: Final[dict[str, Message]] = {**DOCUMENT, **READER, **QUANTITIES, **PROVENANCE}

MODEL_ZH: Final[dict[str, str]] = {
    "law_not_one": "请写“30 min”之类的时长，或只给出 {families} 之一；得到 {given}",
    "shares_not_one": "混合分布的占比之和须为 1",
    "must be longer than zero": "须大于零",
    "give exactly one of work, delay, branch, ladder and evaluate": (
        "work、delay、branch、ladder、evaluate 须恰好给出一个"
    ),
    "give exactly one of always: true, week, part_days, rota and windows": (
        "always: true、week、part_days、rota、windows 须恰好给出一个"
    ),
    "give exactly one of above and below": "above 与 below 须恰好给出一个",
    "give exactly one of at, shock, state and after": "at、shock、state、after 须恰好给出一个",
    "give exactly one of at, shock, lasts and state": "at、shock、lasts、state 须恰好给出一个",
    "give exactly one of count, per_parent and households": (
        "count、per_parent、households 须恰好给出一个"
    ),
    "give levels or rows, not both": "levels 与 rows 只能给出一个",
}
"""Chinese of the sentences that the model's own rules bring, by kind or by English text."""
