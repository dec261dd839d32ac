"""The page of the catalogue: `docs/metrics.md`, generated so that it cannot disagree.

Write it anew with ``python -c "from sim.metrics.page import page; print(page(), end='')"``.
"""

from sim.metrics.catalogue import METRICS
from sim.metrics.metric import Metric, Of

HEAD = """# Metrics

Generated from `sim/metrics/catalogue.py`; a test compares. One replication gives one value per
metric and group, and `n` beside it, the denominator. Intervals over replications are the work
of `sim.analysis`. Duties are in no figure of requests.

**Bold** metrics are the headline figures: those that fewer staff cannot improve. The others are
given as they are usually defined, and some of them look better when service gets worse (people
who leave shorten a backlog; fewer staff cost less), so none of them is to be judged by alone.

Times to an event look as far as `run.follow_up`, and a value is empty where it is not reached
by then. Requests that are open when the run ends are censored (Kaplan-Meier); requests that
were left stay in as if nobody would ever close them. With a `run.cool_down` as long as the
follow-up the whole cohort is seen that long, and nothing is estimated; with a shorter one, late
reports are taken to go on like early ones, which is wrong where load grows.
"""

TITLES: dict[Of, str] = {
    "requests": "Requests",
    "duties": "Duties",
    "backlog": "Backlog",
    "recovery": "Recovery",
    "hazards": "Hazards",
    "joins": "Joins",
    "staff": "Staff and cost",
    "fairness": "Fairness",
}


def page() -> str:
    """The page as Markdown."""
    parts = [HEAD]
    for of, title in TITLES.items():
        metrics = [metric for metric in METRICS if metric.of == of]
        groups = ", ".join(metrics[0].by)
        parts += [
            f"## {title}\n\nBy: {groups}.\n",
            "| metric | 中文 | unit | better | definition | n |\n|---|---|---|---|---|---|",
            *(_row(metric) for metric in metrics),
            "",
        ]
    return "\n".join(parts)


def _row(metric: Metric) -> str:
    name = f"**`{metric.name}`**" if metric.headline else f"`{metric.name}`"
    cells = (
        name,
        metric.label("zh"),
        metric.unit,
        metric.better,
        metric.definition,
        metric.denominator,
    )
    return f"| {' | '.join(cells)} |"
