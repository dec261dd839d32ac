"""Mistakes in the sheet of inputs of a workbook."""

from typing import Final

from sim.scenario.message import Message

SHEETS: Final[dict[str, Message]] = {
    "sheet_path": Message(
        "'{setting}' is not the path of a setting",
        "“{setting}”不是设置的路径",
        "Write for example pools.grid_workers.staff.rules.norm.per.",
        "例如 pools.grid_workers.staff.rules.norm.per。",
    ),
    "sheet_twice": Message(
        "'{setting}' is said twice, or with a part of it (also in {other})",
        "“{setting}”重复，或其中一部分已在 {other} 写出",
        "Keep one of the rows.",
        "请只保留一行。",
    ),
    "sheet_origin": Message(
        "'{origin}' is no origin of a value",
        "“{origin}”不是数值的来源",
        "Write one of {known}, or leave the cell empty.",
        "请写 {known} 之一，或留空。",
    ),
    "sheet_range": Message(
        "a range needs both ends",
        "范围需要上下限",
        "Fill the cell, or empty its neighbour.",
        "请填写此格，或清空另一端。",
    ),
    "sheet_yaml": Message(
        "'{text}' cannot be read ({reason})",
        "无法读懂“{text}”（{reason}）",
        "Lists are written [a, b], several settings {{a: 1, b: 2}}.",
        "列表写作 [a, b]，多项设置写作 {{a: 1, b: 2}}。",
    ),
    "sheet_list": Message(
        "the items of '{setting}' are not numbered from 0 without gaps",
        "“{setting}”的各项没有从 0 起连续编号",
        "Number them [0], [1], [2] and so on.",
        "请按 [0]、[1]、[2] 依次编号。",
    ),
    "sheet_missing": Message(
        "{file} has no sheet of inputs",
        "{file} 没有参数表",
        "Its first row holds the headings that gridgov new plan.xlsx writes.",
        "其表头应与 gridgov new plan.xlsx 写出的一致。",
    ),
    "sheet_formula": Message(
        "the formula in this cell has no value yet",
        "此格的公式还没有计算结果",
        "Open the workbook in a spreadsheet program and save it, or write the value.",
        "请用表格软件打开并保存，或直接写数值。",
    ),
    "sheet_unreadable": Message(
        "{file} is not a workbook that can be read ({reason})",
        "{file} 不是可读的工作簿（{reason}）",
        "Save it as .xlsx.",
        "请另存为 .xlsx。",
    ),
}
