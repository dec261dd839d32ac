"""``gridgov completion``: the script that lets a shell complete commands and flags."""

import click
from click.shell_completion import get_completion_class

from sim.cli.problems import lang_option
from sim.errors import Language

PROGRAM = "gridgov"
VARIABLE = "_GRIDGOV_COMPLETE"
SHELLS = ("bash", "zsh", "fish")
_WHERE = {
    "bash": 'eval "$(gridgov completion bash)"  # ~/.bashrc',
    "zsh": 'eval "$(gridgov completion zsh)"  # ~/.zshrc, after compinit',
    "fish": "gridgov completion fish > ~/.config/fish/completions/gridgov.fish",
}


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@lang_option
@click.pass_context
def completion(context: click.Context, *, shell: str, lang: Language) -> None:
    """Print the completion script of a SHELL; how to load it is said on stderr."""
    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click knows no completion for {shell}.")
    found = kind(context.find_root().command, {}, PROGRAM, VARIABLE)
    # `source()` would start the shell to ask for its version; the script needs no answer.
    click.echo(found.source_template % found.source_vars())
    told = "启用方法" if lang == "zh" else "To load it"
    click.echo(f"{told}: {_WHERE[shell]}", err=True)
