"""Wrong use is told in the user's language, whichever option or command it is about."""

import json
import re

import pytest

from tests.small_scenario import write_scenario


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run",), "请给出一个情景文件"),
        (("validate",), "缺少参数 SCENARIO...。"),
        (("optimise", "x.yaml"), "缺少选项 --vary。"),
        (("run", "x.yaml", "--engin", "fast"), "没有选项 --engin。是否指 --engine"),
        (("run", "x.yaml", "-n", "0"), "-n / --replications 的值不对：0 不在范围"),
        (("run", "x.yaml", "-n", "many"), "“many”不是整数。"),
        (("run", "x.yaml", "-n"), "选项 -n 后面要写值。"),
        (("run", "x.yaml", "--json=1", "--lang", "zh"), "选项 --json 后面不写值。"),
        (("run", "x.yaml", "y.yaml"), "多余的参数：y.yaml"),
        (("facts", "--kind", "foo"), "“foo”不在可选值中；可选：'structure'"),
        (("plot", "nowhere"), "RESULTS... 的值不对：没有名为“nowhere”的文件夹。"),
        (("new", "x.yaml", "--from", "nowhere.yaml"), "没有名为“nowhere.yaml”的文件。"),
        (("new", "x.yaml", "--from", "."), "“.”是文件夹，不是文件。"),
        (("run", "x.yaml", "--precision", "5"), "“5”不是 0 到 1 之间的比例"),
        (("run", "x.yaml", "--precision-of", "closed_rat"), "没有指标“closed_rat”。是否指"),
        (("optimise", "x.yaml", "--vary", "a=1:2:1"), "请用 --subject"),
    ],
)
def test_wrong_use_speaks_chinese(gridgov, monkeypatch, arguments, said):
    monkeypatch.setenv("SIM_LANG", "zh")

    code, out, err = gridgov(*arguments)

    assert code == 2
    assert out == ""
    assert said in err
    assert "错误：" in err
    assert not re.search("Usage|Error|Invalid|Missing|requires", err)


def test_wrong_use_speaks_chinese_in_json(gridgov):
    code, out, err = gridgov("run", "x.yaml", "-n", "0", "--lang", "zh", "--json")

    (problem,) = json.loads(out)["errors"]
    assert (code, err) == (2, "")
    assert "不在范围" in problem["message"]


def test_a_variant_is_not_made_of_what_is_no_scenario(gridgov, tmp_path):
    (tmp_path / "notes.md").write_text("# no scenario\n", encoding="utf-8")

    code, out, err = gridgov("new", "mine.yaml", "--from", "notes.md")

    assert (code, out) == (2, "")
    assert err.startswith("notes.md:")
    assert not (tmp_path / "mine.yaml").exists()


def test_a_switch_without_a_mode_says_what_it_needs(gridgov, tmp_path):
    file = write_scenario(tmp_path)
    head, _, _ = file.read_text(encoding="utf-8").partition("modes:")
    file.write_text(head, encoding="utf-8")

    code, _, err = gridgov("switch", "small.yaml")

    assert code == 2
    assert "the scenario has no mode; switch needs a scenario with a mode and a shock" in err
