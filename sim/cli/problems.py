"""What commands that read scenarios share: options, the language, and how problems are told."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from sim.cli.language import default_language, lang_option
from sim.errors import Language, PlanError, Problem, ScenarioError

if TYPE_CHECKING:
    from sim.model.system import System
    from sim.scenario.reader import Reading

F = TypeVar("F", bound=Callable[..., Any])

__all__ = [
    "INVALID",
    "as_records",
    "default_language",
    "json_option",
    "lang_option",
    "say",
    "set_option",
    "stop",
    "telling_plan_errors",
    "unique",
]

INVALID = 2
"""Exit code of a wrong scenario or a wrong use of the command."""


def set_option(command: F) -> F:
    """Add ``--set``."""
    return click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="PATH=VALUE",
        help='Replace a value, as in --set "run.horizon=2 weeks" (may be given several times).',
    )(command)


def json_option(command: F) -> F:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")(
        command
    )


def say(en: str, zh: str) -> str:
    """Either text, in the language of the command that is being called."""
    context = click.get_current_context(silent=True)
    lang = context.params.get("lang") if context else None
    return zh if (lang or default_language()) == "zh" else en


def unique(problems: Iterable[Problem]) -> list[Problem]:
    """Every problem once: files that extend a wrong base would repeat its problems."""
    return list({(p.position, p.path, p.code): p for p in problems}.values())


@contextmanager
def telling_plan_errors(readings: "Sequence[Reading[System]]") -> Iterator[None]:
    """Tell what the compiler finds wrong in these scenarios at its place in the text.

    Nothing is compiled unless something was wrong; then every scenario is, so that the
    problems of all are told at once.
    """
    try:
        yield
    except PlanError as error:
        from sim.scenario.laying_out import compile_reading, told

        problems: list[Problem] = []
        for reading in readings:
            try:
                compile_reading(reading)
            except ScenarioError as found:
                problems.extend(found.problems)
        # What compiles but cannot be played shows with the demand, in one of the scenarios.
        raise ScenarioError(unique(problems) or told(error, readings[0]).problems) from None


def as_records(problems: Iterable[Problem], lang: Language) -> list[dict[str, object]]:
    """Problems as JSON objects; ``line`` and ``column`` are 0 where unknown."""
    return [
        {
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            "path": problem.path,
            "code": problem.code,
            "message": problem.message(lang),
            "hint": problem.hint(lang),
        }
        for problem in problems
    ]


def stop(error: ScenarioError, lang: Language, *, as_json: bool) -> NoReturn:
    """Tell every problem and end with exit code 2."""
    if as_json:
        records = as_records(error.problems, lang)
        click.echo(json.dumps({"errors": records}, ensure_ascii=False, indent=1))
    else:
        click.echo(error.render(lang), err=True)
    sys.exit(INVALID)
