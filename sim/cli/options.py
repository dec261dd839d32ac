"""Flags that several commands share, each defined once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from sim.cli.problems import json_option, lang_option, set_option

F = TypeVar("F", bound=Callable[..., Any])

__all__ = [
    "debug_option",
    "json_option",
    "lang_option",
    "out_options",
    "quiet_option",
    "run_options",
    "set_option",
]


def run_options(command: F) -> F:
    """Add ``--replications``, ``--seed``, ``--workers`` and ``--engine``."""
    for option in (
        click.option(
            "--engine",
            type=click.Choice(["reference", "fast"]),
            help="Which engine plays; both give the same log [default: fast, or with a warning "
            "reference where fast cannot].",
        ),
        click.option(
            "--workers",
            type=click.IntRange(1, 256),
            metavar="N",
            help="Processes that play replications side by side [default: 2, or 1 core].",
        ),
        click.option(
            "--seed",
            type=click.IntRange(0, 2**63 - 1),
            metavar="S",
            help="Seed of all randomness [default: run.seed of the scenario].",
        ),
        click.option(
            "-n",
            "--replications",
            type=click.IntRange(1, 100_000),
            metavar="N",
            help="How often to play it [default: run.replications of the scenario].",
        ),
    ):
        command = option(command)
    return command


def out_options(command: F) -> F:
    """Add ``--out`` and ``--force``."""
    for option in (
        click.option("--force", is_flag=True, help="Replace the results that lie in --out."),
        click.option(
            "--out",
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            help="Folder for the results [default: results/SCENARIO/TIME-HASH].",
        ),
    ):
        command = option(command)
    return command


def quiet_option(command: F) -> F:
    """Add ``-q``."""
    return click.option(
        "-q", "--quiet", is_flag=True, help="No progress and no messages; errors are told."
    )(command)


def debug_option(command: F) -> F:
    """Add ``--debug``: show the traceback of a fault."""
    return click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_note_debug,
        help="Show the traceback if the program itself fails.",
    )(command)


def _note_debug(context: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001
    if value and isinstance(context.obj, dict):
        context.obj["debug"] = True
