"""Make `results/reference/` anew: everything that README and docs show, by its command; the
excerpts on the pages follow.

``python scripts/reference.py`` replaces the files; ``--check`` says which would change and ends
with exit code 3 if one would.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "results" / "reference"
COMMANDS = REFERENCE / "commands.toml"
PAGES = ("README.md", "README.zh-CN.md", "docs/results.md")
SHOWN = re.compile(r"(<!-- results/reference/([\w.-]+) -->\n```\n)(.*?)(```\n)", re.DOTALL)


def shows() -> list[dict[str, Any]]:
    """What is shown: commands, the file of the printed text, and files that are kept."""
    return tomllib.loads(COMMANDS.read_text(encoding="utf-8"))["show"]


def made(show: dict[str, Any], folder: Path) -> dict[str, bytes]:
    """Run the commands of one entry; give the files that they make, by name."""
    printed = b""
    for command in show["commands"]:
        program, *words = shlex.split(command)
        if program != "gridgov":
            raise SystemExit(f"not a gridgov command: {command}")
        printed = subprocess.run(
            [sys.executable, "-m", "sim", *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "SIM_LANG": "en", "COLUMNS": "160"},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
    files = {Path(name).name: (folder / name).read_bytes() for name in show.get("kept", [])}
    if "stdout" in show:
        files[show["stdout"]] = printed.replace(b"\r\n", b"\n")
    return files


def excerpt_anew(shown: str, before: str, after: str) -> str:
    """The lines that a page shows of a file, taken from where they were in it before."""
    excerpt = shown.strip("\n")
    at = before.find(excerpt) if before else 0
    if at < 0:
        raise SystemExit(f"A page shows what no file held before; mend it by hand:\n{excerpt}")
    count, start = len(excerpt.splitlines()), before[:at].count("\n")
    return "\n".join(after.splitlines()[start : start + count]) + "\n"


def pages_anew(before: dict[str, str], after: dict[str, str]) -> dict[Path, str]:
    """The pages whose excerpts of the files differ from before, with the new ones."""
    found = {}
    for name in PAGES:
        text = (ROOT / name).read_text(encoding="utf-8")
        renewed = SHOWN.sub(
            lambda m: (
                m[1] + excerpt_anew(m[3], before.get(m[2], ""), after[m[2]]) + m[4]
                if m[2] in after
                else m[0]
            ),
            text,
        )
        if renewed != text:
            found[ROOT / name] = renewed
    return found


def main() -> None:
    check = "--check" in sys.argv[1:]
    changed: list[str] = []
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for show in shows():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            shutil.copytree(ROOT / "scenarios", folder / "scenarios")
            for file, data in made(show, folder).items():
                path = REFERENCE / file
                if path.suffix == ".txt":
                    known = path.read_text(encoding="utf-8") if path.is_file() else ""
                    before[file], after[file] = known, data.decode("utf-8")
                if not path.is_file() or path.read_bytes() != data:
                    changed.append(file)
                    if not check:
                        path.write_bytes(data)
    for page, text in pages_anew(before, after).items():
        changed.append(page.name)
        if not check:
            page.write_text(text, encoding="utf-8")
    print(f"changed: {', '.join(changed)}" if changed else "nothing changed")
    sys.exit(3 if check and changed else 0)


if __name__ == "__main__":
    main()
