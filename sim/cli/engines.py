"""What the user is told about engines (compiling, another one playing) and about workers."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import click

from sim.errors import EngineError, Language


@contextmanager
def telling_of_engines(engine: str | None, lang: Language, *, quiet: bool) -> Iterator[None]:
    """Tell of compiling, of fallbacks and of workers that died, whose work is played again.

    An engine that was asked for and cannot play ends the command.

    Parameters
    ----------
    engine
        What the user asked for, None for the default.
    lang
        Language of what is told.
    quiet
        Whether only errors are told.
    """
    from sim.engine.notices import EngineWarning, telling_of_compiling
    from sim.experiment.workers import WorkerWarning

    told: set[str] = set()

    def show(message: Warning | str, *_args: object, **_more: object) -> None:
        if isinstance(message, EngineWarning | WorkerWarning):
            text = message.zh if lang == "zh" else message.en
            if text not in told and not quiet:
                click.secho(f"! {text}", err=True, fg="yellow")
            told.add(text)
        else:
            click.echo(str(message), err=True)

    def compiling() -> None:
        if not quiet:
            click.echo(_COMPILING[lang], err=True)

    with warnings.catch_warnings(), telling_of_compiling(compiling):
        warnings.simplefilter("always", EngineWarning)
        warnings.simplefilter("always", WorkerWarning)
        warnings.showwarning = show
        try:
            yield
        except EngineError as error:
            if engine != "fast":
                raise
            raise click.UsageError(f"--engine fast: {error.message(lang)}") from None


_COMPILING = {
    "en": "Compiling the fast engine (once; some seconds) …",
    "zh": "正在编译快速引擎（仅此一次，需数秒）…",
}
