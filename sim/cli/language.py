"""Which language a command speaks, and how ``--lang both`` prints its tables twice."""

import os
from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, Literal, TypeVar, cast

import click

from sim.errors import Language

F = TypeVar("F", bound=Callable[..., Any])

Said = Literal["zh", "en", "both"]
"""What may be said after ``--lang``."""

_BOTH = "gridgov.both"
_NAMES = ("SIM_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def default_language() -> Language:
    """The language of the user's environment: Chinese where it says so, else English."""
    said = (os.environ.get(name, "").lower() for name in _NAMES)
    found = next((each for each in said if each and each != "both"), "")
    return "zh" if found.startswith("zh") else "en"


def default_said() -> Said:
    """What ``--lang`` is unless given: as the environment says; only SIM_LANG may say both."""
    return "both" if os.environ.get("SIM_LANG", "").lower() == "both" else default_language()


def lang_option(command: F) -> F:
    """Add ``--lang zh|en|both``; without it SIM_LANG and then the locale decide.

    The command takes one language, that of its messages. Of `both` it is the environment's,
    and what `in_each_language` marks is printed in Chinese and then in English.
    """
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en", "both"]),
        default=default_said,
        callback=_heard,
        help="Language (also SIM_LANG); both prints tables in Chinese, then in English.",
    )(command)


def one_language_option(command: F) -> F:
    """Add ``--lang zh|en`` to a command that writes a file in one language."""
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        default=default_language,
        help="Language (also SIM_LANG); not both, since what is written has one.",
    )(command)


def _heard(context: click.Context, _: click.Parameter, said: Said) -> Language:
    context.meta[_BOTH] = said == "both"
    return default_language() if said == "both" else said


def in_each_language(show: F) -> F:
    """Call a function that prints twice, Chinese first, where ``--lang both`` was said.

    Parameters
    ----------
    show
        A function with a parameter ``lang``. What it calls is not doubled again.
    """
    parameters = signature(show)

    @wraps(show)
    def shown(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  (whatever it gives)
        context = click.get_current_context(silent=True)
        if context is None or not context.meta.get(_BOTH):
            return show(*args, **kwargs)
        context.meta[_BOTH] = False
        bound = parameters.bind(*args, **kwargs)
        try:
            bound.arguments["lang"] = "zh"
            show(*bound.args, **bound.kwargs)
            click.echo()
            bound.arguments["lang"] = "en"
            return show(*bound.args, **bound.kwargs)
        finally:
            context.meta[_BOTH] = True

    return cast("F", shown)
