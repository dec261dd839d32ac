"""What lies in the repository: no machine's paths, nothing huge, lists that agree."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

MACHINE_PATH = re.compile(r"(^|[^\w.])/(home|work|farm|root|tmp|Users)/", re.MULTILINE)
LARGEST_BYTES = 1_000_000
LARGEST_FONT_BYTES = 2_500_000
LONGEST_MODULE = 450


def tracked_files() -> list[Path]:
    """Files under version control that are still there; all of them in a source archive."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode == 0:
        names = [ROOT / name for name in listing.stdout.split("\0") if name]
    else:
        names = [path for top in ("sim", "tests", "docs") for path in (ROOT / top).rglob("*")]
    return sorted(path for path in names if path.is_file() and "__pycache__" not in path.parts)


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_no_tracked_file_names_a_path_of_one_machine():
    found = []
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [
            f"{path.relative_to(ROOT)}: {hit.group()}" for hit in MACHINE_PATH.finditer(text)
        ]

    assert found == []


def test_the_pattern_of_machine_paths_sees_one():
    assert MACHINE_PATH.search("see " + "/".join(["", "home", "someone"]))
    assert not MACHINE_PATH.search("results/home/page and https://example.org/work/")


def test_no_tracked_file_but_the_font_is_larger_than_a_megabyte():
    # The font holds the outlines of 9,000 characters (docs/decisions/0011-figures.md).
    font = ROOT / "sim" / "report" / "fonts" / "SimSansSC.otf"

    large = [path for path in tracked_files() if path.stat().st_size > LARGEST_BYTES]

    assert large == [font]
    assert font.stat().st_size <= LARGEST_FONT_BYTES


def test_no_module_has_grown_past_one_notion():
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in (ROOT / "sim").rglob("*.py")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST_MODULE
    }

    assert long == {}


def test_every_module_says_why_it_exists():
    bare = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "sim").rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert bare == []


def test_the_dev_extra_and_the_dev_group_are_the_same_list():
    table = project()

    assert table["dependency-groups"]["dev"] == table["project"]["optional-dependencies"]["dev"]


def test_the_lock_names_every_dependency_with_hashes_and_no_address():
    table = project()["project"]
    wanted = table["dependencies"] + table["optional-dependencies"]["dev"]
    lock = (ROOT / "requirements-lock.txt").read_text(encoding="utf-8")
    locked = dict.fromkeys(re.findall(r"^([\w.-]+)==", lock, re.MULTILINE))

    missing = [
        name for name in wanted if re.match(r"[\w-]+", name).group().lower() not in locked
    ]

    assert missing == []
    assert "://" not in lock
    blocks = re.split(r"\n(?=\w)", lock)
    assert all(
        "--hash=sha256:" in block for block in blocks if "==" in block.partition("\n")[0]
    )


def test_the_changelog_has_a_heading_for_this_version():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.search(rf"^## \[{re.escape(project()['project']['version'])}\]", changelog, re.M)


@pytest.mark.parametrize("name", ["README.md", "LICENSE", "CONTRIBUTING.md", "Makefile"])
def test_a_stranger_finds_the_usual_files(name):
    assert (ROOT / name).stat().st_size > 0
