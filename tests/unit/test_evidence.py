"""The shipped facts: complete, in our own words, and the ratios over them exact."""

import re
from fractions import Fraction

import pytest

from sim.errors import EvidenceError
from sim.model.evidence import FACT_KINDS, Evidence, Fact, formula_ids, plain
from sim.scenario.document import load_plain
from sim.scenario.evidence import evidence_folder, load_evidence, reason_in

SYSTEMS = (
    "anqiu", "bijiang", "chifeng", "hanting", "putian", "songyuan", "weicheng", "wujiaochang",
)  # fmt: skip
CHINESE_RUN = re.compile(r"[\u4e00-\u9fff]{8,}")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


def of_systems(evidence: Evidence) -> list[Fact]:
    return [fact for fact in evidence.facts.values() if fact.system != "domain"]


def test_every_system_and_most_facts_are_there(evidence):
    assert set(evidence.systems) == {*SYSTEMS, "domain"}
    assert len(of_systems(evidence)) >= 550
    for system in SYSTEMS:
        assert sum(fact.system == system for fact in of_systems(evidence)) >= 35, system
        assert evidence.inconsistencies[system], system


def test_every_kind_is_used_by_the_side_it_belongs_to(evidence):
    assert {fact.kind for fact in evidence.facts.values()} == set(FACT_KINDS)
    own = {"benchmark", "assumption"}
    for fact in evidence.facts.values():
        assert (fact.kind in own) == (fact.system == "domain"), fact.id


def test_ids_are_unique_across_facts_and_ratios_and_carry_their_system(evidence):
    assert not set(evidence.facts) & set(evidence.derived)
    for entry_id in (*evidence.facts, *evidence.derived):
        assert re.fullmatch(r"[a-z]+\.[a-z0-9_]+", entry_id), entry_id
        assert entry_id.split(".")[0] in evidence.systems


def test_a_value_has_its_unit_and_operator_and_a_rule_has_neither(evidence):
    for fact in evidence.facts.values():
        given = [item is not None for item in (fact.value, fact.unit, fact.operator)]
        assert len(set(given)) == 1, fact.id
        if isinstance(fact.value, tuple):
            assert fact.value[0] < fact.value[1], fact.id


def test_outcomes_say_what_they_were_measured_against(evidence):
    for fact in evidence.facts.values():
        if fact.kind == "outcome":
            assert fact.measured_against, fact.id


def test_every_fact_has_a_source_or_is_an_assumption(evidence):
    for fact in of_systems(evidence):
        document = evidence.documents[fact.document]
        assert document.title, fact.id
        assert document.publisher, fact.id
        assert re.fullmatch(r"undated|\d{4}(-\d\d-\d\d)?", document.date), fact.id
    for fact in evidence.facts.values():
        if fact.system == "domain":
            assert (fact.grade == "uncited") == (fact.kind == "assumption"), fact.id
            assert (fact.citation is None) == (fact.kind == "assumption"), fact.id


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_derived_ratio_is_recomputed_exactly(evidence, system):
    ratios = [ratio for ratio in evidence.derived.values() if ratio.system == system]
    assert ratios
    for ratio in ratios:
        assert evidence.derive(ratio.formula, ratio.use) == ratio.exact, ratio.id
        assert evidence.derive(ratio.id) == ratio.exact, ratio.id
        assert plain(ratio.exact) == plain(ratio.value), ratio.id
        assert set(formula_ids(ratio.formula)) <= set(evidence.facts), ratio.id


def test_the_figures_that_scenarios_rest_on(evidence):
    assert evidence.reported("bijiang.communities") == 43
    assert evidence.reported("bijiang.grids") == 514
    assert evidence.reported("anqiu.households") == 95_000
    assert evidence.reported("anqiu.shops") == 53_000
    assert evidence.reported("anqiu.grids") == 233
    assert evidence.reported("weicheng.satisfaction_gain") == Fraction(23, 10)
    assert evidence.facts["hanting.staffing_norm"].value == (300, 400)
    assert evidence.derived["anqiu.households_per_worker"].exact == Fraction(95_000, 115)
    assert evidence.reported("domain.household_size") == Fraction(262, 100)


def test_no_sentence_of_a_source_is_in_the_files():
    # Terms and names are short; only a title, which is bibliography, may be longer. Chinese
    # statements are paraphrases: none shares twelve characters in a row with its source.
    for file in sorted(evidence_folder().glob("*.yaml")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip().startswith(("title_zh:", "statement_zh:", "unit_zh:")):
                continue
            assert not CHINESE_RUN.search(line), f"{file.name}:{number}"
            assert not re.search(r"quote|/work|https?:|\.txt\b", line), f"{file.name}:{number}"


def test_statements_are_english_sentences(evidence):
    for fact in evidence.facts.values():
        assert re.match(r"[A-Z0-9]", fact.statement), fact.id
        assert fact.statement.endswith("."), fact.id
        assert len(fact.statement) < 200, fact.id


def test_every_statement_and_unit_is_there_in_chinese(evidence):
    for entry in (*evidence.facts.values(), *evidence.derived.values()):
        assert re.search(r"[\u4e00-\u9fff]{2}", entry.statement_zh), entry.id
        assert len(entry.statement_zh) < 80, entry.id
    units: dict[str, str] = {}
    for fact in evidence.facts.values():
        assert fact.statement_zh.endswith("。"), fact.id
        assert bool(fact.unit) == bool(fact.unit_zh), fact.id
        # One unit has one name.
        assert units.setdefault(fact.unit or "", fact.unit_zh) == fact.unit_zh, fact.id


def test_a_fact_speaks_the_language_asked_for(evidence):
    fact = evidence.facts["bijiang.grid_min_total"]
    assert fact.reported_text("en") == "≥ 10 persons per grid"
    assert fact.reported_text("zh") == "≥ 10人/格"
    assert fact.said("zh") == "每格总人数不少于10人。"
    assert evidence.documents[fact.document].called("zh")
    message = None
    try:
        evidence.reported(fact.id)
    except EvidenceError as error:
        message = error.problem.message_zh
    assert message is not None
    assert "≥ 10人/格" in message


def _reasons(tree) -> set[str]:
    found = set()
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if key == "because" and isinstance(value, str):
            found.add(" ".join(value.split()))
        elif isinstance(value, dict | list):
            found |= _reasons(value)
    return found


def test_every_shipped_reason_is_there_in_chinese():
    folder = evidence_folder().parent
    files = [*folder.glob("*.yaml"), *folder.glob("theory/*.yaml")]
    given = set().union(*(_reasons(load_plain(file)) for file in files))
    known = load_plain(evidence_folder() / "zh" / "reasons.yaml")

    assert given - set(known) == set()
    assert set(known) - given == set()
    for english, chinese in known.items():
        assert re.search(r"[\u4e00-\u9fff]", chinese), english
        assert re.findall(r"[a-z]+\.[a-z_]+", english) == re.findall(
            r"[a-z]+\.[a-z_]+", chinese
        ), english


def test_a_reason_of_somebody_elses_is_shown_as_it_is_written():
    assert reason_in("zh", "guess: half a day") == "估计：半天"
    assert reason_in("en", "guess: half a day") == "guess: half a day"
    assert reason_in("zh", "as our office counts") == "as our office counts"


def test_loading_is_cached():
    assert load_evidence() is load_evidence()


HEAD = (
    "system: x\nname: X\nname_zh: 甲\n"
    "documents: {d: {title: T, title_zh: null, publisher: P, date: undated}}\n"
)
FACT = "{id: x.a, kind: rule, statement: S., use: u, document: d}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1]", "mapping"),
        (HEAD + f"facts: [{FACT}, {FACT}]", "twice"),
        (
            HEAD + "facts: [{id: y.a, kind: rule, statement: S., use: u, document: d}]",
            "begins with",
        ),
        (
            HEAD + "facts: [{id: x.a, kind: rule, statement: S., use: u, document: e}]",
            "document",
        ),
        (HEAD + "facts: [{id: x.a, kind: rumour, statement: S., use: u}]", "kind"),
        (HEAD + "facts: [{id: x.a, kind: rule, value: 1, statement: S., use: u}]", "together"),
        (HEAD + "facts: [{id: x.a, kind: rule, value: many, statement: S., use: u}]", "number"),
        (HEAD + "facts: 3", "list"),
        (HEAD + "facts: [3]", "mapping"),
    ],
    ids=[
        "list",
        "twice",
        "prefix",
        "document",
        "kind",
        "bare-value",
        "text",
        "scalar",
        "entry",
    ],
)
def test_a_malformed_file_is_one_clear_error(tmp_path, text, expected):
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError, match=expected):
        load_evidence(tmp_path)


def test_missing_folders_are_errors(tmp_path):
    with pytest.raises(EvidenceError, match="no evidence files"):
        load_evidence(tmp_path)
    with pytest.raises(EvidenceError, match="not installed"):
        evidence_folder(tmp_path / "sim")


def test_an_installed_package_carries_the_facts_inside(tmp_path):
    inside = tmp_path / "sim" / "_scenarios" / "evidence"
    inside.mkdir(parents=True)
    assert evidence_folder(tmp_path / "sim") == inside
