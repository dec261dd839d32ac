"""What these results do not say."""

from collections.abc import Mapping
from typing import Any

from sim.experiment.cautions import FEW_REPLICATIONS, few_replications
from sim.experiment.stored import Stored
from sim.report.page.html import Html, block, joined, tag
from sim.report.words import Lang, Say

ALWAYS = (
    Say(
        "Intervals show chance between replications, not the doubt about assumptions: other "
        "values within the stated ranges may move the figures further than the intervals do.",
        "置信区间只反映各次重复之间的随机波动，不反映假设的不确定；"
        "假设在所述范围内取其他值时，结果的变动可能超出区间。",
    ),
    Say(
        "Closed by staff, resolved in the resident's eyes and satisfied are three different "
        "rates; none stands for another.",
        "办结、群众认可解决与满意是三个不同的比率，不能互相代替。",
    ),
    Say(
        "Reported outcomes in the sources are self-reported; they are no inputs unless listed "
        "under assumptions as such.",
        "文献中的成效为自行报告；除非列于“假设”一节，否则不作为输入。",
    ),
    Say(
        "Requests still open when observation ends count as open; a quantile that too many of "
        "them leave undecided is 'not reached', never guessed.",
        "观察结束时仍未办结的按在办计；因此无法确定的分位数记为“未达到”，不作推测。",
    ),
)


def limits(stored: Stored, lang: Lang) -> Html:
    """Notes of the scenario, cautions of the program, and what always holds."""
    system = stored.reading.model
    notes = [Say(note.read("en"), note.read("zh")) for note in system.notes]
    items = [block("li", said, lang) for said in (*notes, *ALWAYS)]
    return joined(
        [_cautions(stored, lang), _few(stored, lang), tag("ul", items, class_="limits")]
    )


def _cautions(stored: Stored, lang: Lang) -> Html:
    """What the program warned of; of older results in the language in which they were made."""
    found = []
    for member in stored.members:
        head = Say(f"{member.name}: ", f"{member.name}：")
        name = head if stored.kind == "compare" else Say("", "")
        for said in cautions_said(member.manifest):
            both = Say(f"{name.en}{said.en}", f"{name.zh}{said.zh}")
            found.append(block("p", both, lang, class_="warning"))
    return joined(found)


def cautions_said(manifest: Mapping[str, Any]) -> list[Say]:
    """Warnings of a manifest in both languages; older ones have them in one only."""
    if "cautions" in manifest:
        return [Say(each["en"], each["zh"]) for each in manifest["cautions"]]
    return [Say(text, text) for text in manifest.get("warnings", [])]


def _few(stored: Stored, lang: Lang) -> Html:
    """That a sweep played too few replications, which its manifest does not say."""
    done = int(stored.run["replications"])
    if stored.kind != "sweep" or done >= FEW_REPLICATIONS:
        return Html("")
    found = few_replications(done)
    return block("p", Say(found.en, found.zh), lang, class_="warning")
