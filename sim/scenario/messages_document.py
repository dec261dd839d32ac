"""Mistakes of a text as such (encoding, syntax, limits), and of how files build on others."""

from typing import Final

from sim.scenario.message import Message

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

FILES: Final[dict[str, Message]] = {
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
}
