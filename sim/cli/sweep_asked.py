"""What a sweep is asked for: levers, design and metrics, by flags or by the scenario."""

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.errors import Language

if TYPE_CHECKING:
    from sim.experiment.points import Design
    from sim.experiment.proposed import Asked
    from sim.experiment.sweep_work import Shard
    from sim.model.experiment import Kind

MANY = 200
"""More points than this have to be confirmed."""


class Flags(NamedTuple):
    """What stood on the command line; None or empty: nothing was said."""

    varied: tuple[str, ...]
    kind: "Kind | None"
    points: int | None
    replications: int | None
    seed: int | None
    against: str | None
    metrics: tuple[str, ...]


def asked_for(file: str, overrides: tuple[str, ...], flags: Flags, lang: Language) -> "Asked":
    """The sweep that the flags and, without ``--vary``, the scenario ask for.

    Raises
    ------
    BadParameter, UsageError
        If they make no sense.
    ScenarioError
        If the scenario is wrong.
    """
    found = _from_flags(flags, lang) if flags.varied else _from_scenario(file, overrides, lang)
    found = found._replace(
        kind=flags.kind or found.kind,
        points=flags.points or (None if flags.kind == "grid" else found.points),
        replications=flags.replications or found.replications,
        seed=found.seed if flags.seed is None else flags.seed,
        against=flags.against or found.against,
        metrics=flags.metrics or found.metrics,
    )
    _check_metrics(found, lang)
    _check_points(found, lang)
    return found


def check_size(asked: "Asked", lang: Language, *, yes: bool) -> None:
    """Have a large design confirmed."""
    from sim.experiment.design import size_of

    size = size_of(asked.levers, asked.points)
    if size > MANY and not yes:
        raise click.UsageError(
            f"共 {size} 个方案（超过 {MANY}）；确认运行请加 --yes。"
            if lang == "zh"
            else f"This design has {size} points (more than {MANY}); --yes plays it."
        )


def design_from(
    file: str, overrides: tuple[str, ...], asked: "Asked", lang: Language
) -> "Design":
    """Read the scenario of every point.

    Raises
    ------
    BadParameter
        If the scenario has no such field.
    ScenarioError
        With the problems of all points.
    """
    from sim.experiment.design import points_of
    from sim.experiment.points import UnknownPath, design_of

    try:
        found = design_of(
            file,
            overrides,
            asked.levers,
            lambda seed: points_of(asked.levers, asked.kind, asked.points, seed),
            replications=asked.replications,
            seed=asked.seed,
        )
    except UnknownPath as error:
        raise click.BadParameter(unknown_path(error, file, lang), param_hint="--vary") from None
    return found._replace(kind=asked.kind, asked=asked.points)


def unknown_path(error: Any, file: str, lang: Language) -> str:  # noqa: ANN401  (imported late)
    """That a scenario has no such field, and which may have been meant."""
    near = "、".join(error.near) if lang == "zh" else " or ".join(error.near)
    if lang == "zh":
        hint = f"是否指 {near}？" if near else ""
        return (
            f"情景中没有字段“{error.path}”。{hint}gridgov resolve --paths {file} 列出全部字段。"
        )
    hint = f" Did you mean {near}?" if near else ""
    return (
        f"the scenario has no field '{error.path}'.{hint} "
        f"gridgov resolve --paths {file} lists all."
    )


def shard_of(text: str | None, lang: Language) -> "Shard | None":
    """Read ``2/8``: the second of eight parts."""
    from sim.experiment.sweep_work import Shard

    if text is None:
        return None
    number, slash, of = text.partition("/")
    if slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of) <= 10**6:
        return Shard(int(number), int(of))
    raise click.BadParameter(
        f"“{text}”不是分片；请写 2/8（8 片中的第 2 片，从 1 起）"
        if lang == "zh"
        else f"'{text}' is no shard; write 2/8 for the second of eight (the first is 1/8)",
        param_hint="--shard",
    )


def _from_flags(flags: Flags, lang: Language) -> "Asked":
    from sim.experiment.design import DesignError, check_levers, parse_lever
    from sim.experiment.proposed import Asked
    from sim.experiment.sweep import AGAINST

    try:
        levers = tuple(parse_lever(text) for text in flags.varied)
        check_levers(levers)
    except DesignError as error:
        raise click.BadParameter(error.message(lang), param_hint="--vary") from None
    return Asked(levers, "grid", None, None, None, AGAINST, ())


def _from_scenario(file: str, overrides: tuple[str, ...], lang: Language) -> "Asked":
    from sim.experiment.proposed import proposed
    from sim.scenario.reader import load_scenario

    found = proposed(load_scenario(file, overrides))
    if found is None:
        raise click.UsageError(
            f"{file} 没有 experiment；请用 --vary 字段=取值 说明要比较什么。"
            if lang == "zh"
            else f"{file} proposes no experiment; say what to vary with --vary PATH=VALUES."
        )
    return found


def _check_metrics(asked: "Asked", lang: Language) -> None:
    from sim.experiment.proposed import MetricError, check_metric

    named = [("--against", asked.against), *(("--metric", name) for name in asked.metrics)]
    for flag, name in named:
        try:
            check_metric(name, directed=flag == "--against")
        except MetricError as error:
            raise click.BadParameter(error.message(lang), param_hint=flag) from None


def _check_points(asked: "Asked", lang: Language) -> None:
    from sim.experiment.design import DesignError, check_kind

    try:
        check_kind(asked.levers, asked.kind, asked.points)
    except DesignError as error:
        raise click.UsageError(error.message(lang)) from None
