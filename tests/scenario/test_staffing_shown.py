"""``gridgov resolve`` shows how every head count comes about, and the sums are right."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli.resolve import resolve
from sim.scenario.reader import read_scenario

BASE = str(Path(__file__).parent / "base.yaml")
RULES = (
    "places.root.households=3001",
    "pools.workers.staff={combine: sum, rules: {"
    " team: {workers: 2},"
    " norm: {workers: 1, per: 100, of: household, rounding: down},"
    " city: {workers: 7, level: community, share_by: household}}}",
    "modes.war={enter: {at: 5 d}, pools: {workers: {staff: 9}}}",
)


def resolved(*flags: str) -> str:
    arguments = [part for text in RULES for part in ("--set", text)]
    result = CliRunner().invoke(resolve, [BASE, *arguments, *flags])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_the_arithmetic_follows_the_text_as_comments():
    head, staffing = resolved("--lang", "en").split("# staffing: ")

    assert "pools:" in head
    assert staffing.splitlines()[1:] == [
        "# workers (peace): 57 workers; level grid: 10 places, 5…6 each",
        "#   city: 7 = 7  (at level community; of place; shared out over 10 places of level"
        " grid by household, largest remainder)",
        "#   norm: Σ(10) floor(300…301 / 100) = 30  (at level grid; of household;"
        " rounded down)",
        "#   team: 10 × 2 = 20  (at level grid; of place)",
        "#   together: Σ(10) sum(city 7, norm 30, team 20) = 57",
        "# workers (war): 90 workers; level grid: 10 places, 9 each",
        "#   count: 10 × 9 = 90  (at level grid; of place)",
    ]


def test_the_arithmetic_is_told_in_chinese():
    text = resolved("--lang", "zh")

    assert "# workers（peace）：共 57 人，10 处 grid 各 5…6 人" in text
    assert "按 household 分到 10 处 grid（最大余数法）" in text
    assert "取整：舍去" in text


def test_the_arithmetic_is_data_when_asked():
    peace, war = json.loads(resolved("--json"))["staffing"]

    assert (peace["total"], peace["least"], peace["most"], peace["places"]) == (57, 5, 6, 10)
    assert [rule["total"] for rule in peace["rules"]] == [7, 30, 20]
    assert [rule["shared_by"] for rule in peace["rules"]] == ["household", None, None]
    assert (war["mode"], war["total"], war["combined"]) == ("war", 90, None)


def test_the_comments_leave_the_text_a_scenario(tmp_path):
    copy = tmp_path / "copy.yaml"
    copy.write_text(resolved(), encoding="utf-8")

    assert read_scenario(copy) == read_scenario(BASE, RULES)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_totals_follow_the_scenario(workers):
    result = CliRunner().invoke(
        resolve, [BASE, "--set", f"pools.workers.staff={workers}", "--json"]
    )

    assert json.loads(result.stdout)["staffing"][0]["total"] == 10 * workers
