"""Figures of the report: drawn by `sim.report.figures`, put into the page as they are."""

from collections.abc import Sequence

from sim.experiment.stored import Stored, Unreadable
from sim.report.figures import FIGURES
from sim.report.page.html import Html, tag
from sim.report.page.svg import inline_svg
from sim.report.words import Lang


def picture(name: str, found: Sequence[Stored], lang: Lang, prefix: str) -> Html:
    """One figure, or nothing where these results cannot give it.

    Parameters
    ----------
    name
        Of the figure.
    found
        Results to draw from, the baseline first.
    lang
        Language of its words.
    prefix
        Different for each figure of a page.
    """
    try:
        figure = FIGURES[name](found, lang)
    except Unreadable:
        return Html("")
    finding = " ".join(figure.get_suptitle().split())
    svg = inline_svg(figure, f"{prefix}-", finding)
    return tag("figure", tag("div", svg, class_="scroll", tabindex=0), id=f"figure-{name}")
