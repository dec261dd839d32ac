"""``--posterior`` of ``run`` and ``compare``: predictions that carry what is not known."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.cli.engines import telling_of_engines
from sim.cli.language import in_each_language
from sim.cli.problems import telling_plan_errors
from sim.errors import AnalysisError, Language, StoreError

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine import EngineName
    from sim.experiment.predict import Prediction
    from sim.model.system import System
    from sim.scenario.reader import Reading

MOST_NAMES = 6


class Ensemble(NamedTuple):
    """Which draws were asked for; `folder` is None where none were."""

    folder: Path | None
    reading: str | None
    draws: int | None


class PosteriorWish(NamedTuple):
    """How it is to be played and told."""

    ensemble: Ensemble
    replications: int | None
    seed: int | None
    workers: int | None
    engine: "EngineName | None"
    out: Path | None
    force: bool
    as_json: bool
    lang: Language
    quiet: bool


def wanted_ensemble(
    folder: Path | None,
    reading: str | None,
    draws: int | None,
    others: Mapping[str, object],
    lang: Language,
) -> Ensemble:
    """What was asked for, refused beside flags that make no sense with it."""
    zh = lang == "zh"
    if folder is None:
        for flag, value in (("--draws", draws), ("--claims-read-as", reading)):
            if value is not None:
                raise click.UsageError(
                    f"{flag} 须与 --posterior 同用。" if zh else f"{flag} needs --posterior."
                )
    else:
        clash = [flag for flag, value in others.items() if value]
        if clash:
            listed = ", ".join(clash)
            raise click.UsageError(
                f"--posterior 不能与 {listed} 同用。"
                if zh
                else f"--posterior does not go with {listed}."
            )
    return Ensemble(folder, reading, draws)


def predict_if_wanted(
    readings: "Sequence[Reading[System]]", how: str, wish: PosteriorWish
) -> bool:
    """Play the scenarios over the draws if any were asked for, and tell; else return False.

    Parameters
    ----------
    how
        How an automatic warm-up was found, in words.
    """
    if wish.ensemble.folder is None:
        return False
    if how and not (wish.quiet or wish.as_json):
        click.echo(how)
    _predict_and_tell(readings, wish)
    return True


def _predict_and_tell(readings: "Sequence[Reading[System]]", wish: PosteriorWish) -> None:
    """Play, write the folder, and print the figures."""
    from sim.experiment.predict_results import write_prediction
    from sim.experiment.store import check_free, draft, point_to

    begun, hush = time.monotonic(), wish.quiet or wish.as_json
    folder = wish.out or _default_folder(readings, wish)
    try:
        check_free(folder, force=wish.force)
        with draft(folder, force=wish.force) as hidden:
            found = _played(readings, wish)
            seconds = time.monotonic() - begun
            write_prediction(hidden, found, seconds, wish.lang)
    except (AnalysisError, StoreError) as error:
        raise click.UsageError(error.message(wish.lang)) from None
    if wish.out is None:
        point_to(folder)
    if wish.as_json:
        record = {**_record(found), "seconds": round(seconds, 1), "folder": folder.as_posix()}
        click.echo(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False))
        return
    _show(found, wish.lang)
    if not hush:
        for text in warnings(found, wish.lang):
            click.secho(f"! {text}", err=True, fg="yellow")
        where = "结果" if wish.lang == "zh" else "Results"
        click.echo(f"{where}: {folder.as_posix()} ({seconds:.1f} s)", err=True)


def _played(readings: "Sequence[Reading[System]]", wish: PosteriorWish) -> "Prediction":
    from sim.cli.progress import progress
    from sim.experiment.posterior import read_posterior
    from sim.experiment.predict import DRAWS, REPLICATIONS, predict

    if wish.ensemble.folder is None:
        raise AssertionError("no ensemble was asked for")
    posterior = read_posterior(wish.ensemble.folder, wish.ensemble.reading)
    draws = wish.ensemble.draws or DRAWS
    hush = wish.quiet or wish.as_json
    with (
        telling_plan_errors(readings),
        telling_of_engines(wish.engine, wish.lang, quiet=hush),
        progress(draws, "posterior", quiet=hush) as on_done,
    ):
        return predict(
            readings,
            posterior,
            draws=draws,
            replications=wish.replications or REPLICATIONS,
            seed=readings[0].model.run.seed if wish.seed is None else wish.seed,
            workers=wish.workers,
            engine=wish.engine,
            on_done=on_done,
        )


def _default_folder(readings: "Sequence[Reading[System]]", wish: PosteriorWish) -> Path:
    from sim.experiment.store import new_folder
    from sim.scenario.resolve import resolved

    content = "\n".join([*map(resolved, readings), str(wish)])
    return new_folder(Path("results"), readings[0].model.name, content, kind="posterior")


def _record(found: "Prediction") -> dict[str, Any]:
    """The prediction as one JSON object."""
    from sim.cli.run import as_records
    from sim.experiment.figures import HEADLINE
    from sim.experiment.predict_results import (
        describe,
        flipped,
        names_of,
        predictions_table,
        signs_table,
    )

    record: dict[str, Any] = {
        "scenarios": list(names_of(found)),
        "posterior": describe(found),
        "engine": found.runs[0].engine,
        "headline": list(HEADLINE),
        "predictions": as_records(predictions_table(found)),
        "warnings": warnings(found, "en"),
    }
    if len(found.applied) > 1:
        table = signs_table(found)
        record["differences"] = as_records(table)
        record["flips"] = as_records(table[table["flips"]])
        record["flips_headline"] = [row["metric"] for row in flipped(table, HEADLINE)]
    return record


@in_each_language
def _show(found: "Prediction", lang: Language) -> None:
    from sim.experiment.predict_results import names_of, predictions_table, signs_table

    zh, n, k = lang == "zh", len(found.drawn), found.replications
    click.echo(" / ".join(one.reading.model.title.read(lang) or one.reading.model.name
                          for one in found.applied))  # fmt: skip
    click.echo(
        f"后验 {found.posterior.folder.as_posix()}（解读 {found.posterior.reading}）："
        f"{n} 组抽样 × 每组 {k} 次重复，种子 {found.runs[0].seed}"
        if zh
        else f"Posterior {found.posterior.folder.as_posix()} (reading "
        f"{found.posterior.reading}): {n} draws × {k} replications of each, seed "
        f"{found.runs[0].seed}"
    )
    table = predictions_table(found)
    for name in names_of(found):
        _show_spreads(table[table["scenario"] == name], name, lang)
    if len(found.applied) > 1:
        _show_signs(signs_table(found), lang)
    if k < 2:
        click.echo(
            "  每组仅重复一次，参数与偶然两部分无法分开；可用 -n 2。"
            if zh
            else "  Each draw was played once, so parameters and noise cannot be told apart; "
            "give -n 2."
        )
    for line in _what_moves(found, lang):
        click.echo(line)


def _headline(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """Headline figures of all requests, and by mode where there are several."""
    from sim.experiment.figures import HEADLINE

    there = table[table["metric"].isin(list(HEADLINE))]
    modes = set(there.loc[there["by"] == "mode", "group"])
    there = there[there["by"].isin(["all", "mode"] if len(modes) > 1 else ["all"])]
    order = {metric: place for place, metric in enumerate(HEADLINE)}
    rows = [{str(key): value for key, value in row.items()}
            for row in there.to_dict("records")]  # fmt: skip
    return sorted(rows, key=lambda row: (order[row["metric"]], row["by"] != "all"))


def _name(row: dict[str, Any], lang: Language) -> str:
    from sim.cli.show import word
    from sim.experiment.figures import label

    name = label(row["metric"], lang)
    return name if row["by"] == "all" else f"{name} · {word(row['group'], lang)}"


def _show_spreads(table: "pd.DataFrame", name: str, lang: Language) -> None:
    from sim.cli.show import number, show_table, with_interval
    from sim.experiment.figures import shown_unit

    zh = lang == "zh"
    rows = []
    for row in _headline(table):
        unit = shown_unit(row["metric"])
        rows.append(
            [
                _name(row, lang),
                with_interval({**row, "n": row["runs"]}, unit, lang),
                number(row["sd_parameters"], unit, lang),
                number(row["sd_noise"], unit, lang),
                _percent(row["parameter_share"]),
            ]
        )
    header = (
        ["指标", "均值 [一次运行的 95 % 预测区间]", "参数（标准差）", "偶然（标准差）",
         "方差中参数所占"]
        if zh
        else ["figure", "mean [95 % prediction of one run]", "parameters (sd)", "noise (sd)",
              "variance of parameters"]
    )  # fmt: skip
    title = (
        "预测：既含参数不确定性，也含偶然波动" if zh else "Predictions: parameters and noise"
    )
    show_table(f"{title}: {name}", header, rows)


def _show_signs(table: "pd.DataFrame", lang: Language) -> None:
    from sim.cli.show import difference, number, show_table
    from sim.experiment.figures import shown_unit

    zh = lang == "zh"
    rows = []
    for row in _headline(table):
        unit = shown_unit(row["metric"])
        rows.append(
            [
                _name(row, lang),
                str(row["other"]),
                difference({**row, "difference": row["mean"]}, unit, lang),
                number(row["sd_parameters"], unit, lang),
                number(row["sd_noise"], unit, lang),
                sign_words(row, lang),
            ]
        )
    header = (
        ["指标", "情景", "差值 [一次运行的 95 % 预测区间]", "参数（标准差）", "偶然（标准差）",
         "集合内的结论"]
        if zh
        else ["figure", "scenario", "difference [95 % prediction of one run]",
              "parameters (sd)", "noise (sd)", "within the ensemble"]
    )  # fmt: skip
    first = table["baseline"].iloc[0] if len(table) else ""
    title = (
        f"与 {first} 的差值（相同需求、相同抽样）"
        if zh
        else f"Differences to {first} (common demand, the same draw in all scenarios)"
    )
    show_table(title, header, rows)


def sign_words(row: dict[str, Any], lang: Language) -> str:
    """Whether the sign of a difference holds within the ensemble, in words."""
    zh, other, draws = lang == "zh", row["other_way"], int(row["draws"])
    if other is None or other != other:  # noqa: PLR0124 - nan, as tables keep a missing count
        return "无差别" if zh else "no difference"
    other = int(other)
    if not row["clear"]:
        return (
            f"均值与 0 无法区分；{draws} 组抽样中 {other} 组方向相反"
            if zh
            else f"mean not told apart from 0; other way in {other} of {draws} draws"
        )
    if not other:
        return f"{draws} 组抽样方向一致" if zh else f"the same way in all {draws} draws"
    flag = ("⚠ " if row["flips"] else "")  # fmt: skip
    noise = row["by_noise"]
    by = "" if noise is None or noise != noise else (  # noqa: PLR0124 - as above
        f"（偶然约 {noise:.0f} 组）" if zh else f" (noise alone: about {noise:.0f})"
    )  # fmt: skip
    return (
        f"{flag}{draws} 组抽样中 {other} 组方向相反{by}"
        if zh
        else f"{flag}in {other} of {draws} draws the sign is the other way{by}"
    )


def warnings(found: "Prediction", lang: Language) -> list[str]:
    """What a reader must know before trusting the figures."""
    from sim.experiment.figures import HEADLINE
    from sim.experiment.predict_results import flipped, signs_table

    zh, lines = lang == "zh", []
    if found.refused:
        count, every = len(found.refused), len(found.refused) + len(found.drawn)
        lines.append(
            f"{every} 组抽样中有 {count} 组被某一情景拒绝，未参与任何情景。"
            if zh
            else f"{count} of {every} draws are refused by some scenario and played by none."
        )
    kept = len(found.posterior.points)
    if kept < len(found.drawn):
        lines.append(
            f"后验仅有 {kept} 次接受的运行，部分被重复抽取；参数不确定性较粗略。"
            if zh
            else f"The posterior has only {kept} accepted runs, so some are drawn more than "
            f"once; what is said of parameters is rough."
        )
    if len(found.applied) > 1:
        lines += [
            f"{row['other']}: {_name(row, lang)}: {sign_words(row, lang)}"
            for row in flipped(signs_table(found), HEADLINE)
        ]
    return lines


def _what_moves(found: "Prediction", lang: Language) -> list[str]:
    """Which assumptions move in each scenario, and which stay: none is fixed silently."""
    from sim.experiment.predict_results import names_of

    zh, lines = lang == "zh", []
    for name, one in zip(names_of(found), found.applied, strict=True):
        line = (
            f"  {name}：按后验变动的假设 {len(one.unknowns)} 项"
            if zh
            else f"  {name}: {len(one.unknowns)} assumptions move with the draws"
        )
        if one.absent:
            line += (
                f"；已校准但本情景自定或范围不同的 {_few(one.absent)}"
                if zh
                else f"; calibrated, but set otherwise here: {_few(one.absent)}"
            )
        if one.unmoved:
            line += (
                f"；未校准、保持假定值的 {_few(one.unmoved)}"
                if zh
                else f"; not calibrated, left as assumed: {_few(one.unmoved)}"
            )
        lines.append(line)
    return lines


def _few(names: Sequence[str]) -> str:
    said = ", ".join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    return f"{said} (+{more})" if more > 0 else said


def _percent(share: float | None) -> str:
    return "–" if share is None or share != share else f"{100 * share:.0f} %"  # noqa: PLR0124
