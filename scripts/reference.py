"""Make `results/reference/` anew: everything that README and docs show, by its command.

``python scripts/reference.py`` replaces the files; ``--check`` says which would change and ends
with exit code 3 if one would.
"""

import os
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


def main() -> None:
    check = "--check" in sys.argv[1:]
    changed: list[str] = []
    for show in shows():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            shutil.copytree(ROOT / "scenarios", folder / "scenarios")
            for file, data in made(show, folder).items():
                path = REFERENCE / file
                if not path.is_file() or path.read_bytes() != data:
                    changed.append(file)
                    if not check:
                        path.write_bytes(data)
    print(f"changed: {', '.join(changed)}" if changed else "nothing changed")
    sys.exit(3 if check and changed else 0)


if __name__ == "__main__":
    main()
