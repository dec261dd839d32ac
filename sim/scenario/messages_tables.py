"""Mistakes of a CSV table of places."""

from typing import Final

from sim.scenario.message import Message

TABLES: Final[dict[str, Message]] = {
    "table_not_text": Message(
        "must be the name of one CSV file",
        "应为一个 CSV 文件名",
        "Write for example 'table: town.csv'; the name is relative to the folder of this file.",
        "例如“table: town.csv”；文件名相对于本文件所在文件夹。",
    ),
    "table_missing": Message(
        "there is no file '{file}'",
        "没有文件“{file}”",
        "The name is relative to the folder of this file.",
        "文件名相对于本文件所在文件夹。",
    ),
    "table_and": Message(
        "give only one of levels, rows and table, not '{other}' too",
        "levels、rows、table 只能给出一个，不能再写“{other}”",
        "Delete the one that does not hold.",
        "请删除多余的一个。",
    ),
    "table_gbk": Message(
        "the table is saved as GBK/ANSI, not as UTF-8",
        "表格以 GBK/ANSI 保存，不是 UTF-8",
        "In Excel: Save as, 'CSV UTF-8 (comma delimited)'.",
        "Excel：另存为 → CSV UTF-8（逗号分隔）。",
    ),
    "table_empty": Message(
        "the table has no rows",
        "表格没有内容",
        "The first line names the columns: {allowed}.",
        "首行为列名：{chinese}。",
    ),
    "table_separator": Message(
        "the columns are separated by '{separator}', not by commas",
        "各列以“{separator}”分隔，而不是英文逗号",
        "In Excel: Save as, 'CSV UTF-8 (comma delimited)'.",
        "Excel：另存为 → CSV UTF-8（逗号分隔）。",
    ),
    "table_column": Message(
        "unknown column '{key}'",
        "未知的列“{key}”",
        "Delete it; the columns are {allowed}.",
        "请删除；可用的列：{chinese}。",
        "Did you mean '{suggestion}'? The columns are {allowed}.",
        "是否指“{suggestion}”？可用的列：{chinese}。",
    ),
    "table_twice": Message(
        "the column '{key}' is given twice",
        "列“{key}”重复出现",
        "Keep one of the two.",
        "请保留其中一列。",
    ),
    "table_lacks": Message(
        "the column '{key}' is missing",
        "缺少列“{chinese}”（{key}）",
        "Every place has a name, a level and the name of the place above it.",
        "每处地点都要有名称、级别和上级名称。",
    ),
    "table_cells": Message(
        "{got} cells where the first line names {wanted} columns",
        "有 {got} 格，而首行有 {wanted} 列",
        "Put text with a comma into double quotes.",
        "含逗号的文本请加英文双引号。",
    ),
    "table_quote": Message(
        "a double quote is not closed on its line",
        "双引号在本行没有成对",
        "A cell ends on the line on which it begins; write a quote inside a cell twice.",
        "单元格不能跨行；单元格中的双引号须写两次。",
    ),
    "table_number": Message(
        "must be a whole number, got {got}",
        "应为整数，得到 {got}",
        "Write digits only: no separators of thousands, no unit.",
        "请只写数字，不加千位分隔符和单位。",
    ),
    "table_rows": Message(
        "the table has more than {limit} rows",
        "表格超过 {limit} 行",
        "Cut the places by 'levels' below a table of the wider ones, or leave out a level.",
        "请减少行数，例如去掉最低一级，改用 levels 划分。",
    ),
}
