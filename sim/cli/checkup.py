"""The single checks of ``gridgov doctor``."""

import locale
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import sim
from sim.errors import Language

_PACKAGES = ("numpy", "scipy", "pandas", "matplotlib", "pydantic", "PyYAML", "simpy", "click")
_FONT_BYTES = 1_000_000
LEAST_FREE = 1_000_000_000
"""Bytes below which a longer run may not find room for its results."""


class Finding(NamedTuple):
    """What was looked at, and what was found."""

    key: str
    """For programs."""
    state: str
    """``ok``, ``note`` (works, but should be known) or ``bad``."""
    en: str
    zh: str

    def message(self, lang: Language) -> str:
        """The finding in one language."""
        return self.zh if lang == "zh" else self.en


def findings() -> Iterator[Finding]:
    """Everything but the self test, in the order of show."""
    yield _program()
    yield _python()
    yield from _packages()
    yield from _engines()
    yield _font()
    yield _scenarios()
    yield _room()
    yield _terminal()


def self_test() -> Iterator[Finding]:
    """Play logs whose digests are known (about ten seconds)."""
    from sim.experiment.known_logs import digest_now, known_logs, known_version

    known = known_logs()
    wrong = [each.scenario for each in known if digest_now(each) != each.digest]
    if wrong:
        listed = ", ".join(wrong)
        yield Finding(
            "self-test",
            "bad",
            f"self test: other logs than known for {listed}; results here cannot be compared "
            f"with those of others. Install the versions of requirements-lock.txt.",
            f"自检：{listed} 的日志与已知结果不一致，此处的结果无法与他人比较；"
            f"请按 requirements-lock.txt 安装各依赖的版本。",
        )
        return
    yield Finding(
        "self-test",
        "ok",
        f"self test: {len(known)} known logs, all the same (trajectories {known_version()})",
        f"自检：{len(known)} 份已知日志全部一致（轨迹版本 {known_version()}）",
    )


def _program() -> Finding:
    from sim.experiment.store import source_state

    package = Path(sim.__file__).parent
    commit = source_state(package)["commit"]
    source = f", {commit[:8]}" if commit else ""
    text = f"gridgov-sim {sim.__version__}{source} ({package})"
    # A file called sim.py in the working folder would be imported instead of the package.
    state = "ok" if (package / "eventlog.py").is_file() else "bad"
    return Finding("program", state, text, text)


def _python() -> Finding:
    text = f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    return Finding("python", "ok", text, text)


def _packages() -> Iterator[Finding]:
    found = {name: _version(name) for name in _PACKAGES}
    missing = [name for name, there in found.items() if there is None]
    text = ", ".join(f"{name} {there}" for name, there in found.items() if there)
    yield Finding("packages", "ok", text, text)
    if missing:
        listed = ", ".join(missing)
        yield Finding("packages-missing", "bad", f"missing: {listed}", f"缺少：{listed}")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _engines() -> Iterator[Finding]:
    found = _version("numba")
    if found is None:
        yield Finding(
            "engine",
            "note",
            "engines: reference; the fast one needs Numba: pip install numba",
            "引擎：reference；fast 引擎需要 Numba：pip install numba",
        )
        return
    compiled = sum(len(list(folder.rglob("*.nbc"))) for folder in _caches())
    writable = any(is_writable(folder) for folder in _caches())
    if compiled:
        en, zh = "compiled code is there", "已有编译好的代码"
    elif writable:
        en, zh = "the first use compiles for some seconds", "首次使用需编译数秒"
    else:
        en, zh = (
            "compiles at every start, as no cache folder can be written: set NUMBA_CACHE_DIR",
            "缓存文件夹不可写，每次启动都要编译：请设置 NUMBA_CACHE_DIR",
        )
    state = "ok" if compiled or writable else "note"
    yield Finding(
        "engine",
        state,
        f"engines: reference, fast (Numba {found}; {en})",
        f"引擎：reference、fast（Numba {found}；{zh}）",
    )


def _caches() -> list[Path]:
    """Folders in which Numba may keep the compiled engine, if they are there."""
    said = os.environ.get("NUMBA_CACHE_DIR")
    if said:
        wanted = [Path(said)]
    else:
        wanted = [Path(sim.__file__).parent / "engine" / "fast" / "__pycache__"]
        wanted.append(Path.home() / ".cache" / "numba")
    return [folder for folder in wanted if folder.is_dir()]


def _font() -> Finding:
    path = Path(sim.__file__).parent / "report" / "fonts" / "SimSansSC.otf"
    if path.is_file() and path.stat().st_size > _FONT_BYTES:
        return Finding("font", "ok", "font of figures: there", "图表字体：完好")
    return Finding(
        "font",
        "bad",
        f"font of figures: {path} is missing; install gridgov-sim anew",
        f"图表字体：缺少 {path}，请重新安装 gridgov-sim",
    )


def _scenarios() -> Finding:
    from sim.errors import EvidenceError
    from sim.scenario.evidence import evidence_folder

    try:
        folder = evidence_folder().parent
    except EvidenceError:
        return Finding(
            "scenarios",
            "bad",
            "scenarios: not installed; install gridgov-sim anew",
            "情景：未安装，请重新安装 gridgov-sim",
        )
    return Finding("scenarios", "ok", f"scenarios: {folder}", f"情景：{folder}")


def _room() -> Finding:
    here = Path.cwd()
    free = shutil.disk_usage(here).free
    shown = f"{free / 1e9:.1f} GB"
    if not is_writable(here):
        return Finding(
            "folder",
            "bad",
            f"results: {here} cannot be written; go to another folder or use --out",
            f"结果：{here} 不可写，请换一个文件夹或使用 --out",
        )
    state = "ok" if free > LEAST_FREE else "note"
    return Finding(
        "folder",
        state,
        f"results: {here} can be written, {shown} free",
        f"结果：{here} 可写，剩余 {shown}",
    )


def _terminal() -> Finding:
    encoding = locale.getpreferredencoding(do_setlocale=False)
    shown = f"{encoding}, {'terminal' if sys.stdout.isatty() else 'no terminal'}"
    if encoding.lower().replace("-", "") == "utf8":
        return Finding("terminal", "ok", f"terminal: {shown}", f"终端：{shown}")
    return Finding(
        "terminal",
        "note",
        f"terminal: {shown}; output is UTF-8, so Chinese may look wrong (Windows: chcp 65001)",
        f"终端：{shown}；输出为 UTF-8，中文可能显示不正确（Windows：chcp 65001）",
    )


def is_writable(folder: Path) -> bool:
    """Whether a file can be made in a folder, tried for real."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
