"""What ``import`` and ``replay`` share: how a log is given, and what was left out of it."""

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from sim.errors import Language

if TYPE_CHECKING:
    from sim.exchange.request_log import RequestLog, Wish

REASONS: dict[str, tuple[str, str]] = {
    "unreadable": ("cannot be read", "无法读取"),
    "duplicate": ("a duplicate", "重复"),
    "cancelled": ("cancelled", "已撤销"),
    "no_type": ("without a type", "无类型"),
    "no_report_time": ("without a time of report", "无上报时间"),
    "found_by_workers": ("found by the city's own workers", "工作人员自行发现"),
    "after_the_end": ("reported after --until", "晚于 --until 上报"),
    "closed_without_time": ("closed, not known when", "已办结，时间不明"),
    "closed_before_report": ("closed before it was reported", "办结早于上报"),
}


class Asked(NamedTuple):
    """Which log is to be read, and how: what `log_options` collect."""

    log: Path
    form: str
    wish: "Wish"


def log_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the argument and the options that say which log is read and how, as one `asked`."""

    @functools.wraps(command)
    def collected(**given: Any) -> None:  # noqa: ANN401 - what Click hands over
        from sim.exchange.request_log import Wish

        log, form = given.pop("log"), given.pop("form")
        wish = Wish(**{name: given.pop(name) for name in Wish._fields})
        command(asked=Asked(log, form, wish), **given)

    wanted: Callable[..., None] = collected
    for option in (
        click.option(
            "--until",
            metavar="TIME",
            help="How far the log reaches: what is open then has waited at least so long "
            "[default: its last time].",
        ),
        click.option(
            "--skip-unreadable",
            is_flag=True,
            help="Leave rows with unreadable cells out, and count them.",
        ),
        click.option(
            "--keep-cancelled", is_flag=True, help="Keep cancelled requests as if served."
        ),
        click.option(
            "--finds",
            type=click.Choice(["split", "keep", "drop"]),
            default="split",
            show_default=True,
            help="Finds of the city's own workers: classes of their own, kept with the other "
            "requests of their type, or dropped.",
        ),
        click.option(
            "--encoding", default="utf-8", show_default=True, help="Encoding of the log."
        ),
        click.option(
            "--as",
            "form",
            required=True,
            metavar="la|boston|nyc|open311|FILE.yaml",
            help="Form of the log: one of those known here, or a file that names its columns.",
        ),
        click.argument(
            "log", metavar="LOG", type=click.Path(exists=True, dir_okay=False, path_type=Path)
        ),
    ):
        wanted = option(wanted)
    return wanted


def read(asked: Asked, lang: Language) -> "RequestLog":
    """The log as the options say."""
    from sim.exchange.cities import CITIES
    from sim.exchange.request_log import read_log
    from sim.model.columns import Columns
    from sim.scenario.reader import read_as

    form = asked.form
    if form in CITIES:
        columns = CITIES[form]
    elif form.lower().endswith((".yaml", ".yml")):
        columns = read_as(Columns, form).model
    else:
        known = ", ".join(CITIES)
        raise click.UsageError(
            f"--as 须为 {known} 之一，或一个说明各列的 columns.yaml；得到“{form}”。"
            if lang == "zh"
            else f"--as is one of {known}, or a columns.yaml; got '{form}'."
        )
    return read_log(asked.log, columns, asked.wish)


def reasons(counts: Mapping[str, int], lang: Language) -> str:
    """Counts by reason, in words."""
    zh = lang == "zh"
    shown = [f"{REASONS[name][zh]} {n:,}" for name, n in counts.items()]
    return ("；" if zh else "; ").join(shown) or ("无" if zh else "none")


def show_reading(log: "RequestLog", lang: Language) -> None:
    """Say what was read, and what was not and why."""
    from sim.exchange.request_log import CLOSED, OPEN

    closed, still = int((log.outcome == CLOSED).sum()), int((log.outcome == OPEN).sum())
    used, dropped = len(log.ids), sum(log.dropped.values())
    if lang == "zh":
        click.echo(f"{log.file}：读入 {log.rows:,} 行，采用 {used:,} 件，略去 {dropped:,} 行")
        click.echo(f"  略去：{reasons(log.dropped, lang)}")
        click.echo(f"  仅计上报、不计办结时长：{reasons(log.untimed, lang)}")
        click.echo(f"  已办结 {closed:,} 件；未办结（截尾）{still:,} 件")
        return
    click.echo(
        f"{log.file}: {log.rows:,} rows read, {used:,} requests used, {dropped:,} dropped"
    )
    click.echo(f"  dropped: {reasons(log.dropped, lang)}")
    click.echo(f"  kept as arrivals without a closing time: {reasons(log.untimed, lang)}")
    click.echo(f"  closed {closed:,}; still open (censored) {still:,}")


def reading_record(log: "RequestLog") -> dict[str, Any]:
    """The same as one JSON object."""
    from sim.exchange.request_log import CLOSED, OPEN

    return {
        "log": log.file,
        "rows": log.rows,
        "requests": len(log.ids),
        "dropped": dict(log.dropped),
        "without_closing_time": dict(log.untimed),
        "closed": int((log.outcome == CLOSED).sum()),
        "open": int((log.outcome == OPEN).sum()),
        "zone": log.zone,
    }
