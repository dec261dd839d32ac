"""Wrong use of a command, told in Chinese as well: click itself speaks English only."""

import re

import click

from sim.errors import Language

_KINDS = {"File": "文件", "Directory": "文件夹", "Path": "文件或文件夹"}
_IS_A = {"file": "文件，不是文件夹", "directory": "文件夹，不是文件"}

# What click says of a value, and the same in Chinese; groups are filled in by number. What is
# not here stays as click says it.
_SAID: tuple[tuple[str, str], ...] = (
    (r"(File|Directory|Path) '(.*)' does not exist\.", "没有名为“{2}”的{1}。"),
    (r"(?:File|Directory|Path) '(.*)' is a (file|directory)\.", "“{1}”是{2}。"),
    (r"(File|Directory|Path) '(.*)' is not readable\.", "{1}“{2}”无法读取。"),
    (r"(File|Directory|Path) '(.*)' is not writable\.", "{1}“{2}”无法写入。"),
    (r"'(.*)' is not one of (.*)\.", "“{1}”不在可选值中；可选：{2}。"),
    (r"(\S+) is not in the range (.*)\.", "{1} 不在范围 {2} 内。"),
    (r"'(.*)' is not a valid integer.*\.", "“{1}”不是整数。"),
    (r"'(.*)' is not a valid float.*\.", "“{1}”不是数。"),
    (r"Option '?(.*?)'? requires an argument\.", "选项 {1} 后面要写值。"),
    (r"Option '?(.*?)'? does not take a value\.", "选项 {1} 后面不写值。"),
    (r"Got unexpected extra arguments? \((.*)\)", "多余的参数：{1}"),
    (r"Missing command\.", "请写出命令。"),
)


def usage_message(error: click.ClickException, lang: Language) -> str:
    """What is wrong with the words of a command, in one line or a few."""
    if lang == "en":
        return error.format_message()
    match error:
        case click.NoSuchOption():
            near = "、".join(error.possibilities or ())
            return f"没有选项 {error.option_name}。" + (f"是否指 {near}？" if near else "")
        case click.MissingParameter():
            is_option = error.param is not None and error.param.param_type_name == "option"
            return f"缺少{'选项' if is_option else '参数'} {_where(error)}。"
        case click.BadParameter():
            where = _where(error)
            return (
                f"{where} 的值不对：{_said(error.message)}" if where else _said(error.message)
            )
        case _:
            return _said(error.format_message())


def show_usage(error: click.ClickException, lang: Language) -> None:
    """Print on stderr how the command is called, and what is wrong."""
    if lang == "en":
        error.show()
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        click.echo(context.get_usage(), err=True)
        click.echo(f"用 {context.command_path} --help 查看说明。\n", err=True)
    click.echo(f"错误：{usage_message(error, lang)}", err=True)


def _where(error: click.BadParameter) -> str:
    """The option or argument, as it is written."""
    hint = error.param_hint
    if hint is None and error.param is not None:
        hint = error.param.get_error_hint(error.ctx) if error.ctx else error.param.name
    words = hint if isinstance(hint, str) else " / ".join(hint or ())
    return words.replace("'", "")


def _said(message: str) -> str:
    for pattern, chinese in _SAID:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            words = [_KINDS.get(word, _IS_A.get(word, word)) for word in found.groups()]
            return chinese.format("", *words)
    return message
