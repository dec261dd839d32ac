"""What shorter waits cost: the frontier, two levers at once, and the sliders."""

from sim.experiment.stored import Stored
from sim.report.page.cells import WHOLE, lookup, said_interval
from sim.report.page.explorer import explorer
from sim.report.page.html import Html, block, joined
from sim.report.page.pictures import picture
from sim.report.page.points import Grid
from sim.report.words import Lang, Say


def frontier(stored: Stored, lang: Lang, grid: Grid | None) -> Html:
    """Cost against service, as far as these results know several designs."""
    if grid is not None:
        return joined(
            [
                explorer(grid, lang),
                picture("frontier", [stored], lang, "f"),
                picture("heat-map", [stored], lang, "h"),
                block("p", _STANDING, lang, class_="note"),
            ]
        )
    if stored.kind == "compare":
        drawn = picture("frontier", stored.members, lang, "f")
        return drawn or block("p", _NO_COST, lang, class_="aside")
    row = lookup(stored.table("summary.csv")).get(("cost_per_month", *WHOLE))
    if row is None or not row["n"] or not row["mean"]:
        return block("p", _NO_COST, lang, class_="aside")
    cost = said_interval(row, "cost_per_month")
    said = Say(
        f"This setting costs {cost.en}. One setting has no frontier: gridgov sweep plays many "
        "and says what shorter waits cost.",
        f"本方案每月成本为{cost.zh}。单一方案没有前沿：用 gridgov sweep 运行多组取值，"
        "可知缩短等待要多花多少。",
    )
    return block("p", said, lang, class_="aside")


_NO_COST = Say(
    "No cost is known: pools have no pay in these scenarios, so service cannot be set against "
    "cost.",
    "成本未知：情景中的队伍没有填写报酬，无法将效果与成本对照。",
)
_STANDING = Say(
    "Standing goes by means; the table above says which differences are beyond chance.",
    "前沿按均值判定；差别是否超出随机波动，见上文配对差值表。",
)
