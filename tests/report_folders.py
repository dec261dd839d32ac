"""Results folders of the small scenario, made by the commands, for reports of them."""

from pathlib import Path

import pytest

from sim.cli.main import main
from tests.small_scenario import write_scenario

KINDS = ("run", "compare", "sweep")
HOSTILE = '<script>alert(1)</script> =1+1 & "x" $a$'
TITLE_ZH = "小社区<b>"


def scenario(folder: Path, name: str, per: int = 300) -> Path:
    """The small scenario with pay, so that cost is known, and with a hostile title."""
    path = write_scenario(folder, name, per=f"per: {per}")
    text = path.read_text(encoding="utf-8")
    text = text.replace("shift_end: pause", "shift_end: pause\n    pay: 4000 CNY/month")
    text = text.replace(
        "{en: A small community, zh: 小社区}", f"{{en: '{HOSTILE}', zh: '{TITLE_ZH}'}}"
    )
    path.write_text(text, encoding="utf-8")
    return path


def make_results(kind: str, folder: Path) -> Path:
    """Play one of `KINDS` into a folder below `folder`."""
    first = scenario(folder, "small")
    common = ["-n", "3", "--workers", "1", "-q", "--lang", "en", "--out", str(folder / kind)]
    if kind == "run":
        words = ["run", str(first)]
    elif kind == "compare":
        words = ["compare", str(first), str(scenario(folder, "staffed", per=100))]
    else:
        per = "pools.grid_workers.staff.rules.by_households.per=100,300,600"
        words = ["sweep", str(first), "--vary", per, "--vary", "run.horizon=8 d,12 d",
                 "--against", "first_response_mean"]  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        main([*words, *common])
    assert not ended.value.code
    return folder / kind
