"""Every figure is drawn in each language, repeats, and says what its numbers say."""

import importlib
import subprocess
import sys
import warnings
from datetime import datetime

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from sim.analysis.frontier import efficient, knee_of, without_noise
from sim.report import plots, style
from sim.report.plots.differences import verdict
from sim.report.plots.resolution_times import curves_of
from sim.report.style import to_bytes
from tests.report import frames
from tests.report.drawings import DRAWINGS

LANGS = ("en", "zh", "both")


def title(figure) -> str:
    return figure.get_suptitle()


def texts(figure) -> list[str]:
    found = figure.findobj(mpl.text.Text)
    return [each.get_text() for each in found if each.get_text() and each.get_visible()]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", DRAWINGS)
def test_a_figure_is_drawn_in_each_language_without_a_missing_glyph(name, lang):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = to_bytes(DRAWINGS[name](lang), "png")

    assert picture.startswith(b"\x89PNG")


def test_a_missing_glyph_is_an_error_here():
    with style.style():
        figure = style.new_figure(1)
        figure.text(0, 0, "\U00013000")  # a hieroglyph

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="missing from font"):
            to_bytes(figure, "png")


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_languages_are_kept_apart(name):
    english, both = DRAWINGS[name]("en"), title(DRAWINGS[name]("both"))

    assert not {"，", "；", "。"} & set(" ".join(texts(english)))
    assert title(english).split()[-1] in both
    assert any(ord(character) > 0x2E7F for character in both)


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
@pytest.mark.parametrize("name", ["frontier", "open_requests_many", "utilisation"])
def test_the_same_numbers_give_the_same_bytes(name, kind):
    assert to_bytes(DRAWINGS[name]("both"), kind) == to_bytes(DRAWINGS[name]("both"), kind)


def test_a_figure_that_was_saved_before_gives_the_same_bytes_again():
    figure = DRAWINGS["frontier"]("both")

    assert to_bytes(figure, "svg") == to_bytes(figure, "svg")


def test_equal_bytes_do_not_depend_on_the_process():
    code = (
        "import hashlib; from tests.report.drawings import DRAWINGS;"
        "from sim.report.style import to_bytes;"
        "print(hashlib.sha256(to_bytes(DRAWINGS['frontier']('both'))).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }

    assert len(digests) == 1


def test_an_svg_carries_no_date_and_can_leave_text_as_text():
    outlines = to_bytes(DRAWINGS["frontier"]("zh"))
    text = to_bytes(DRAWINGS["frontier"]("zh"), text_as_paths=False)

    assert b"<dc:date>" not in outlines
    assert b"<text" not in outlines
    assert "折线" in text.decode().partition("<text")[2]
    assert len(text) < len(outlines) / 2


def test_importing_and_drawing_leave_the_settings_of_a_notebook_alone():
    with mpl.rc_context({"font.size": 23, "axes.grid": True}):
        before = dict(mpl.rcParams)
        importlib.reload(style)
        DRAWINGS["tornado"]("both")

        assert dict(mpl.rcParams) == before


def test_settings_of_a_notebook_do_not_reach_a_figure():
    plain = to_bytes(DRAWINGS["tornado"]("en"))
    with mpl.rc_context({"font.size": 23, "axes.facecolor": "red", "lines.linewidth": 9}):
        other = to_bytes(DRAWINGS["tornado"]("en"))

    assert other == plain


def luminance(colour: str) -> float:
    parts = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_lines_can_be_seen_on_white_and_told_apart_without_colour_for_the_first_two():
    contrast = [1.05 / (luminance(colour) + 0.05) for colour in style.LINES]

    assert min(contrast) > 2
    assert len(set(style.LINES)) == len(style.LINES)
    assert style.YELLOW not in style.LINES


def test_a_verdict_is_seen_without_colour():
    from sim.report.plots.differences import _LOOK

    looks = {(shape, filling == "white") for _, shape, filling in _LOOK.values()}

    assert len(looks) == len(_LOOK)


def test_bright_is_good_whichever_direction_that_is():
    from sim.report.plots.heat_map import _shade

    value = np.array([[1.0, 2.0]])
    brightness = [
        _shade(value, higher=higher)[0, :, :3].sum(axis=1) for higher in (True, False)
    ]

    assert brightness[0][1] > brightness[0][0]
    assert brightness[1][0] > brightness[1][1]


# What the figures say


def test_a_design_that_costs_more_and_gives_no_more_is_beaten():
    cost = np.array([1.0, 2.0, 2.0, 3.0, 4.0])
    worth = np.array([1.0, 5.0, 4.0, 5.0, 9.0])

    assert efficient(cost, worth).tolist() == [True, True, False, False, True]


def test_equal_designs_stay_together():
    assert efficient(np.array([1.0, 1.0]), np.array([2.0, 2.0])).tolist() == [True, True]


def test_costs_that_differ_by_rounding_alone_are_equal():
    cost = np.array([3843000.0, 3843000.0000000005, 3843001.0])

    assert efficient(cost, np.array([1.0, 2.0, 3.0])).tolist() == [False, True, True]
    assert without_noise(np.array([0.1 + 0.2, 0.0, np.inf, -1e-9])).tolist() == [
        0.3, 0.0, np.inf, -1e-9,
    ]  # fmt: skip


def test_the_knee_is_farthest_above_the_line_between_the_ends():
    assert knee_of(np.array([0.0, 1.0, 10.0]), np.array([0.0, 8.0, 10.0])) == 1
    assert knee_of(np.array([0.0, 5.0, 10.0]), np.array([0.0, 5.0, 10.0])) is None
    assert knee_of(np.array([0.0, 10.0]), np.array([0.0, 10.0])) is None


def test_the_frontier_names_its_knee_in_the_title():
    said = title(plots.frontier(frames.points(), lang="en")).replace("\n", " ")

    assert "65,000 CNY per month more, from 450 户/人 to 350 户/人" in said
    assert "from 4 days to 1.96 days" in said


def test_points_of_a_frontier_come_from_summaries_and_leave_out_what_is_not_reached():
    summaries = {"a": frames.summary(), "b": frames.summary(p90=float("nan"))}

    points = plots.frontier_points(summaries)

    assert points["design"].tolist() == ["a"]
    assert points.loc[0, ["x", "y"]].tolist() == [310_000.0, 61.0]


def test_the_wartime_stretch_is_the_one_of_the_data():
    from sim.report.plots.open_requests import over_days, stretches

    first, last = next(stretches(over_days(frames.daily())))

    assert (first, last) == (pd.Timestamp(2024, 1, 21), pd.Timestamp(2024, 2, 3))
    assert "阴影" in " ".join(texts(plots.open_requests(frames.daily(), lang="zh")))


def test_peace_alone_is_not_shaded():
    peace = frames.daily().assign(mode="peace")

    assert "Shaded" not in " ".join(texts(plots.open_requests(peace, lang="en")))


def case(reported: int, outcome: str, hours: float | None = None) -> dict:
    return {
        "replication": 1,
        "class": "noise",
        "reported_at": pd.Timestamp(2024, 1, 1) + pd.Timedelta(hours=reported),
        "outcome": outcome,
        "resolution": hours,
        "limit": 5.0,
    }


def test_open_and_left_requests_count_as_never_closed():
    table = pd.DataFrame(
        [case(0, "closed", 2.0), case(0, "closed", 4.0), case(0, "left"), case(97, "open")]
    )

    (curve,) = curves_of(table, datetime(2024, 1, 5, 4), None, None)

    # Three at risk when the first closes at 2 h... and the open one was seen for 3 h only.
    assert curve.survival.open_share.tolist() == pytest.approx([3 / 4, 3 / 4 * 1 / 2])
    assert curve.survival.censored == 2


def test_the_title_tells_the_share_within_the_limit():
    table = pd.DataFrame([case(0, "closed", hours) for hours in (1.0, 2.0, 3.0, 9.0)])

    said = title(
        plots.resolution_times(table, observed_until=datetime(2024, 1, 5), lang="en")
    ).replace("\n", " ")

    assert "75% within the limit of 5 h" in said
    assert "Half of all requests are closed within 2 h" in said


def test_a_change_is_better_in_the_direction_of_its_metric():
    row = {"distinguishable": True, "difference": -1.0}

    assert verdict(row, "resolution_p90") == "better"
    assert verdict(row, "on_time_rate") == "worse"
    assert verdict(row, "cost_per_month") == "other"
    assert verdict({**row, "distinguishable": False}, "on_time_rate") == "unclear"


def test_differences_that_chance_explains_are_said_to_be_unclear():
    table = frames.differences().assign(distinguishable=False)

    assert "cannot be told apart" in title(plots.differences(table, lang="en"))


def test_a_target_is_met_if_the_interval_holds_it():
    said = title(plots.calibration(frames.targets(), lang="en")).replace("\n", " ")

    assert said.startswith("3 of 4")
    assert said.endswith("outside: resolved, of all reported")


def test_the_widest_assumption_comes_first():
    figure = plots.tornado(frames.effects().iloc[::-1], base=61.0, lang="zh")

    assert figure.axes[0].get_yticklabels()[0].get_text() == "网格员处置时长"
    assert "为2天至3.46天" in title(figure).replace("\n", "")


def test_cells_that_meet_a_target_are_counted():
    figure = DRAWINGS["heat_map_target"]("en")

    met = (frames.cells()["mean"] >= 0.9).sum()
    assert f"is met in {met} of 15" in title(figure).replace("\n", " ")
    assert len(figure.axes[0].patches) == met


def test_a_heat_map_refuses_two_rows_for_one_cell():
    twice = pd.concat([frames.cells(), frames.cells()])

    with pytest.raises(ValueError, match="one row for each pair"):
        plots.heat_map(twice, x="households_per_worker", y="部门数")


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.frontier(frames.points().head(0)),
        lambda: plots.resolution_times(frames.cases().head(0), observed_until=datetime.max),
        lambda: plots.utilisation(frames.summary().head(0)),
        lambda: plots.differences(frames.differences().head(0)),
        lambda: plots.fairness(frames.summary(places=1)),
        lambda: plots.calibration(frames.targets().head(0)),
        lambda: plots.tornado(frames.effects().head(0), base=1.0),
    ],
    ids=["frontier", "resolution", "utilisation", "differences", "fairness", "calibration",
         "tornado"],
)  # fmt: skip
def test_nothing_to_draw_is_said(draw):
    with pytest.raises(ValueError, match=r"\w"):
        draw()


def test_a_reported_decrease_stands_at_one_like_the_others():
    targets = pd.DataFrame(
        {
            "target": ["a", "b"],
            "unit": ["h", "1"],
            "reported": [2.0, -0.2],
            "mean": [1.5, -0.18],
            "low": [1.0, -0.3],
            "high": [2.5, -0.1],
        }
    )

    axes = plots.calibration(targets, lang="en").axes[0]

    dots = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert dots == [1.0, 1.0]
