"""``gridgov``: the commands, the language, and how every failure is told."""

import json
import sys
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NoReturn, cast

import click

from sim import __version__
from sim.cli.helping import LANGUAGE, Context, language_of
from sim.cli.language import Said, default_language, default_said
from sim.cli.options import debug_option
from sim.cli.problems import INVALID, stop
from sim.cli.usage import show_usage, usage_message
from sim.errors import (
    BilingualError,
    EngineError,
    Language,
    PlanError,
    ScenarioError,
    SimError,
)

FAULT = 1
INTERRUPTED = 130

_COMMANDS: dict[str, tuple[str, str]] = {
    "run": (
        "Play a scenario and print its resolution times.",
        "运行情景，输出办结时长等结果。",
    ),
    "compare": ("Compare scenarios like with like.", "在相同需求下比较多个情景。"),
    "sweep": ("Play a scenario at many settings.", "在多组取值下运行情景，给出成本前沿。"),
    "verify": (
        "Compare a results folder with its manifest, or replay it.",
        "核对结果文件夹与其清单，或重放。",
    ),
    "export": ("Write event logs for other programs.", "导出事件日志，供其他程序使用。"),
    "optimise": (
        "Find the cheapest setting that keeps its limits.",
        "寻找满足服务限值的最省方案。",
    ),
    "sensitivity": (
        "Rank assumptions by what they move.",
        "按影响大小排列各项假定。",
    ),
    "import": (
        "Make a scenario of a log of service requests.",
        "读取诉求日志，估计需求与办结时长，生成情景。",
    ),
    "replay": (
        "Play the requests of a log through a scenario.",
        "让日志中的诉求通过某情景的人员配备。",
    ),
    "calibrate": (
        "Fit assumptions to reported outcomes.",
        "用已报道的成效校准假定，给出后验。",
    ),
    "switch": ("See when a place should go to wartime, and back.", "比较平战切换的时机。"),
    "plot": ("Draw the figures of results.", "绘制结果图。"),
    "report": ("Write results as one page.", "将结果写成一个网页文件。"),
    "workbook": ("Write results as a workbook.", "把结果写成工作簿（xlsx）。"),
    "validate": ("Check scenarios; nothing is run.", "检查情景，不运行。"),
    "resolve": ("Write a scenario out in full.", "写出完整情景及各数字的来源。"),
    "new": ("Write a small scenario to start from.", "新建一个可运行的小情景。"),
    "facts": ("List the facts that scenarios can cite.", "列出情景可引用的事实。"),
    "schema": ("Print the JSON Schema for editors.", "输出编辑器所用的 JSON Schema。"),
    "doctor": ("Check this installation.", "检查本机的安装是否完好。"),
    "completion": ("Print the script that completes commands.", "输出命令补全脚本。"),
}

_IN_ONE_LANGUAGE = frozenset({"new", "export", "workbook"})
"""Commands that write a file whose words have one language."""

_MODULES = {"import": "import_log"}
"""Modules of commands whose names are words of Python."""


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and suggests the one that was meant."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, in the order of use."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None where there is no such command."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        name = _MODULES.get(cmd_name, cmd_name)
        command = cast("click.Command", getattr(import_module(f"sim.cli.{name}"), name))
        command.context_class = Context
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one may have been meant."""
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            raise click.UsageError(_unknown(name, language_of(ctx)), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any of them."""
        index = 1 if language_of(ctx) == "zh" else 0
        with formatter.section("命令" if index else "Commands"):
            formatter.write_dl([(name, text[index]) for name, text in _COMMANDS.items()])


@click.group("gridgov", cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gridgov")
@click.option(
    "--lang",
    type=click.Choice(["zh", "en", "both"]),
    default=default_said,
    help="Language (also SIM_LANG); both prints tables in Chinese, then in English.",
)
@debug_option
@click.pass_context
def gridgov(context: click.Context, *, lang: Said) -> None:
    """Simulate the capacity of grassroots governance (基层治理能力仿真).

    How long do residents wait if there is one worker per 300, 350 or 400 households, and what
    happens when peacetime (平时) turns to wartime (战时)?

    Exit codes: 0 done; 1 failure inside; 2 wrong usage or scenario; 3 a check asked for
    failed; 130 interrupted.
    """
    # What is said before the command holds for it, unless it says otherwise itself.
    one = default_language() if lang == "both" else lang
    context.default_map = {
        name: {"lang": one if name in _IN_ONE_LANGUAGE else lang} for name in _COMMANDS
    }


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code."""
    _use_utf8()
    given = list(sys.argv[1:] if arguments is None else arguments)
    settings: dict[str, Any] = {LANGUAGE: _said_language(given)}
    try:
        code = gridgov.main(given, prog_name="gridgov", standalone_mode=False, obj=settings)
    except click.ClickException as error:
        code = _tell_usage(error, _said_language(given), as_json="--json" in given)
    except (click.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except ScenarioError as error:
        stop(error, _said_language(given), as_json="--json" in given)
    except Exception as error:  # the last guard: a user never meets a traceback
        code = _tell_failure(error, given, debug=bool(settings.get("debug")))
    sys.exit(code if isinstance(code, int) else 0)


def _use_utf8() -> None:
    """Chinese must not fail on a terminal with another code page."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _said_language(given: list[str]) -> Language:
    """The language asked for, also where parsing never got that far."""
    for index, word in enumerate(given):
        said = word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if word == "--lang" and index + 1 < len(given):
            said = given[index + 1]
        if said in ("en", "zh"):
            return cast("Language", said)
    return default_language()


def _unknown(name: str, lang: Language) -> str:
    near = get_close_matches(name, _COMMANDS, n=1)
    known = ", ".join(_COMMANDS)
    if lang == "zh":
        return f"没有命令“{name}”。" + (f"是否指 {near[0]}？" if near else f"可用：{known}")
    return f"No command '{name}'. " + (
        f"Did you mean '{near[0]}'?" if near else f"Choose from {known}."
    )


def _tell_usage(error: click.ClickException, lang: Language, *, as_json: bool) -> int:
    if as_json:
        _print_error(usage_message(error, lang))
    else:
        show_usage(error, lang)
    return error.exit_code


def _tell_failure(error: Exception, given: list[str], *, debug: bool) -> int:
    """Say what failed; only a fault of the program itself asks for a report."""
    if debug:
        traceback.print_exception(error)
    own_words = isinstance(error, SimError) and not isinstance(error, EngineError)
    message = str(error) if own_words else f"{type(error).__name__}: {error}"
    if own_words and isinstance(error, BilingualError):
        message = error.message(_said_language(given))
    if "--json" in given:
        _print_error(message)
    else:
        click.echo(message, err=True)
    if isinstance(error, PlanError):
        return INVALID
    if not own_words and not isinstance(error, OSError):
        click.echo(_fault_notice(given, _said_language(given), debug=debug), err=True)
    return FAULT


def _fault_notice(given: list[str], lang: Language, *, debug: bool) -> str:
    command = " ".join(["gridgov", *(word for word in given if word != "--debug")])
    what = f"“{command}”" if lang == "zh" else f"'{command}'"
    if lang == "zh":
        more = "" if debug else "，并附上加 --debug 后的输出"
        return f"这是 gridgov 自身的故障；请报告命令{what}和版本 {__version__}{more}。"
    more = "" if debug else " and what --debug shows"
    return (
        f"This is a fault in gridgov; please report it with the command {what}, "
        f"version {__version__}{more}."
    )


def _print_error(message: str) -> None:
    nowhere = {"file": "", "line": 0, "column": 0, "path": ""}
    record = {**nowhere, "message": message, "hint": None}
    click.echo(json.dumps({"errors": [record]}, ensure_ascii=False, indent=1))
