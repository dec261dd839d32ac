"""Read the shipped facts: the folder `scenarios/evidence` into one `Evidence` catalogue.

One file per system, plus `domain.yaml` with figures of the field. The files belong to the
project, so a mistake in them is one error that names file and entry, not a list for a planner.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from sim.errors import Language, Problem
from sim.model.evidence import (
    DerivedRatio,
    Document,
    Evidence,
    Fact,
    ProvenanceError,
    SystemName,
    exact,
)
from sim.scenario.document import load_plain

_PACKAGE = Path(__file__).resolve().parents[1]
_Entry = TypeVar("_Entry", bound=BaseModel)
_Any = TypeVar("_Any")


def evidence_folder(package: Path = _PACKAGE) -> Path:
    """Where the facts lie: inside an installed package, beside it in a checkout.

    Raises
    ------
    EvidenceError
        If neither place has them.
    """
    inside = package / "_scenarios" / "evidence"
    beside = package.parent / "scenarios" / "evidence"
    if not inside.is_dir() and not beside.is_dir():
        _refuse(package, "scenarios/evidence is not installed", "未安装 scenarios/evidence")
    return inside if inside.is_dir() else beside


def load_evidence(folder: Path | None = None, package: Path = _PACKAGE) -> Evidence:
    """The catalogue of all facts, read once per process.

    Parameters
    ----------
    folder
        Folder with one YAML file per system; by default the one that ships with the package.
    package
        Folder of the package, from which the default is found.

    Raises
    ------
    EvidenceError
        If the folder is missing or an entry is malformed.
    """
    return _load((folder or evidence_folder(package)).resolve())


def reason_in(lang: Language, because: str) -> str:
    """A reason (``because:``) of a shipped scenario in a language; others as they are written.

    Scenarios give their reasons in English only: what is read beside them by few would double
    every assumption's line.
    """
    return _reasons().get(" ".join(because.split()), because) if lang == "zh" else because


def reason_written(shown: str) -> str:
    """A reason as scenarios write it, from how `reason_in` shows it in Chinese."""
    return next((en for en, zh in _reasons().items() if zh == shown), shown)


@cache
def _reasons() -> dict[str, str]:
    """The Chinese of the shipped reasons by their English, where they are installed."""
    try:
        file = evidence_folder() / "zh" / "reasons.yaml"
    except ProvenanceError:
        return {}
    return dict(load_plain(file)) if file.is_file() else {}


@lru_cache(maxsize=8)
def _load(folder: Path) -> Evidence:
    files = sorted(folder.glob("*.yaml"))
    if not files:
        _refuse(folder, "there are no evidence files", "没有证据文件")
    parts = [(file, _read(file)) for file in files]
    return Evidence(
        systems=_merge((file, part.systems) for file, part in parts),
        documents=_merge((file, part.documents) for file, part in parts),
        facts=_merge((file, part.facts) for file, part in parts),
        derived=_merge((file, part.derived) for file, part in parts),
        inconsistencies=_merge((file, part.inconsistencies) for file, part in parts),
    )


def _merge(parts: Iterable[tuple[Path, Mapping[str, _Any]]]) -> dict[str, _Any]:
    merged: dict[str, _Any] = {}
    for file, part in parts:
        for key, value in part.items():
            _add(merged, key, value, file)
    return merged


def _read(file: Path) -> Evidence:
    content = load_plain(file)
    if not isinstance(content, Mapping):
        _refuse(file, "an evidence file is a mapping", "证据文件应为映射")
    names = {"id": content.get("system")} | {k: content.get(k) for k in ("name", "name_zh")}
    system = _build(SystemName, names, file)
    documents = {
        key: _build(Document, {"key": key, **entry}, file)
        for key, entry in (content.get("documents") or {}).items()
    }
    facts: dict[str, Fact] = {}
    for entry in _entries(content, "facts", file):
        fact = _build(Fact, _fact_fields(entry), file)
        _check_fact(fact, system, documents, file)
        _add(facts, fact.id, fact, file)
    derived: dict[str, DerivedRatio] = {}
    for entry in _entries(content, "derived", file):
        ratio = _build(DerivedRatio, _ratio_fields(entry), file)
        _check_prefix(ratio.id, system, file)
        _add(derived, ratio.id, ratio, file)
    doubts = tuple(content.get("inconsistencies") or ())
    return Evidence({system.id: system}, documents, facts, derived, {system.id: doubts})


def _entries(content: Mapping[str, Any], key: str, file: Path) -> Iterator[dict[str, Any]]:
    entries = content.get(key) or []
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        _refuse(file, f"{key}: is a list", f"{key}: 应为列表")
    for entry in entries:
        if not isinstance(entry, Mapping):
            _refuse(file, f"each entry of {key}: is a mapping", f"{key}: 的每一项应为映射")
        yield dict(entry)


def _fact_fields(entry: dict[str, Any]) -> dict[str, Any]:
    value = entry.get("value")
    fields = {**entry, "mechanisms": tuple(entry.get("mechanisms") or ())}
    if isinstance(value, list):
        fields["value"] = tuple(exact(end) for end in value)
    elif value is not None:
        fields["value"] = exact(value)
    return fields


def _ratio_fields(entry: dict[str, Any]) -> dict[str, Any]:
    use = entry.get("use") or {}
    return {
        **entry,
        "exact": exact(entry.get("exact", "")),
        "value": exact(entry.get("value", "")),
        "use": {name: exact(value) for name, value in use.items()},
    }


def _check_fact(
    fact: Fact, system: SystemName, documents: Mapping[str, Document], file: Path
) -> None:
    _check_prefix(fact.id, system, file)
    if (fact.value is None) != (fact.unit is None) or (fact.value is None) != (
        fact.operator is None
    ):
        _refuse(
            file,
            f"{fact.id}: value, unit and operator are given together or not at all",
            f"{fact.id}：value、unit、operator 须同时给出或同时省略",
        )
    if isinstance(fact.value, tuple) and fact.value[0] > fact.value[1]:
        _refuse(file, f"{fact.id}: a range goes upwards", f"{fact.id}：区间应由小到大")
    if fact.document is not None and fact.document not in documents:
        _refuse(
            file,
            f"{fact.id}: there is no document {fact.document}",
            f"{fact.id}：没有文献 {fact.document}",
        )


def _check_prefix(entry_id: str, system: SystemName, file: Path) -> None:
    if not entry_id.startswith(f"{system.id}."):
        _refuse(
            file,
            f"{entry_id}: an id begins with “{system.id}.”",
            f"{entry_id}：编号应以“{system.id}.”开头",
        )


def _add(known: dict[str, _Any], entry_id: str, entry: _Any, file: Path) -> None:
    if entry_id in known:
        _refuse(file, f"{entry_id} is listed twice", f"{entry_id} 重复")
    known[entry_id] = entry


def _build(model: type[_Entry], fields: Mapping[str, Any], file: Path) -> _Entry:
    try:
        return model(**fields)
    except (ValidationError, TypeError) as error:
        name = fields.get("id", model.__name__)
        what = (
            "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            if isinstance(error, ValidationError)
            else str(error)
        )
        _refuse(file, f"{name}: {what}", f"{name}：{what}")


def _refuse(file: Path, en: str, zh: str) -> NoReturn:
    raise ProvenanceError(
        Problem(
            code="bad-evidence",
            message_en=f"{file.name}: {en}",
            message_zh=f"{file.name}：{zh}",
            file=file.name,
        )
    )
