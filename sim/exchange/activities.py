"""What each row of a log is called in other programs: activity, and step of its life cycle.

Work in a line is one activity that is scheduled, started, suspended, resumed and completed, in
the words of the XES life-cycle extension; everything else is over at once.
"""

from typing import Final, NamedTuple

from sim.errors import Language
from sim.plan.codes import Code


class Activity(NamedTuple):
    """One kind of row."""

    en: str
    zh: str
    transition: str = "complete"
    """Step of the standard life cycle of XES."""
    in_line: bool = False
    """Whether the activity is the line itself: all its rows are of one activity."""


ACTIVITIES: Final[dict[Code, Activity]] = {
    Code.ARRIVAL: Activity("reported", "上报"),
    Code.ENTRY: Activity("enters line", "进入队列", "schedule", in_line=True),
    Code.START: Activity("work starts", "开始处置", "start", in_line=True),
    Code.PAUSE: Activity("work pauses", "处置中断", "suspend", in_line=True),
    Code.RESUME: Activity("work resumes", "继续处置", "resume", in_line=True),
    Code.END: Activity("work ends", "处置完毕", in_line=True),
    Code.WITHDRAW: Activity("taken out of line", "退出队列", "withdraw", in_line=True),
    Code.DELAY: Activity("delay", "等待", "start"),
    Code.HAND_OFF: Activity("handed up", "上报上一级"),
    Code.MISROUTE: Activity("misrouted", "派错"),
    Code.RETURN: Activity("returned", "退单"),
    Code.REFUSE: Activity("refused", "不受理"),
    Code.LEAVE: Activity("left", "退出"),
    Code.CLOSE: Activity("closed", "办结"),
    Code.VERDICT: Activity("evaluated", "评价"),
    Code.REWORK: Activity("reopened", "返工"),
    Code.DONE: Activity("done", "结案"),
    Code.MARK: Activity("limit passed", "超期"),
    Code.RISE: Activity("risen by a timer", "超时升级"),
    Code.SUPERVISE: Activity("supervised", "督办"),
    Code.CONTACT: Activity("contact again", "再次来访来电"),
    Code.HOLD: Activity("held", "暂停办理"),
    Code.RELEASE: Activity("released", "恢复办理"),
    Code.DIVERT: Activity("diverted", "转办"),
    Code.WORKER_ON: Activity("on duty", "上岗"),
    Code.WORKER_OFF: Activity("off duty", "下岗"),
    Code.POST: Activity("posted", "编入"),
    Code.WITHDRAWN: Activity("withdrawn", "撤出"),
    Code.MODE_CALL: Activity("mode called for", "启动状态转换"),
    Code.MODE_CANCEL: Activity("mode cancelled", "取消状态转换"),
    Code.MODE_ENTER: Activity("mode entered", "进入状态"),
    Code.MODE_LEAVE: Activity("mode left", "退出状态"),
    Code.HAZARD_FOUND: Activity("hazard found", "发现隐患"),
    Code.HAZARD_SURFACED: Activity("hazard surfaced", "隐患暴露"),
    Code.CLAIM: Activity("claimed by a volunteer", "志愿者接单"),
    Code.PUSH: Activity("pushed to workers", "转派"),
    Code.GATE_WAIT: Activity("waits for a session", "待上会"),
    Code.GATE_TURNED: Activity("not admitted to a session", "未准上会"),
    Code.GATE_PASS: Activity("passed by a session", "会议通过"),
    Code.GATE_REFUSE: Activity("refused by a session", "会议否决"),
    Code.GATE_NEXT: Activity("put off to the next session", "转下次会议"),
    Code.PAY: Activity("paid", "支付"),
    Code.EMPTY: Activity("account empty", "资金不足"),
    Code.REFILL: Activity("account refilled", "资金补充"),
    Code.VOTE: Activity("vote", "表决"),
    Code.JOIN_CALL: Activity("department called", "吹哨"),
    Code.JOIN_ANSWER: Activity("department answers", "报到"),
    Code.JOIN_DONE: Activity("joint work done", "联合处置完毕"),
    Code.JOIN_FAIL: Activity("joint work given up", "联合处置未成"),
    Code.REVIEW: Activity("reviewed", "考核"),
    Code.LEVEL: Activity("level moved by a review", "考核调整"),
    Code.MOVED: Activity("rounds moved by a review", "调度巡查"),
    Code.EXIT: Activity("leaves for good", "退出队伍"),
    Code.PACE: Activity("own speed changes", "个人效率变化"),
    Code.DRILL: Activity("drill held", "演练"),
    Code.MANNED: Activity("post manned", "岗位到人"),
}
"""Rows of a kind that is not here keep the name of their code."""


def activity_of(code: int) -> Activity:
    """The activity of a row by its code."""
    try:
        kind = Code(code)
    except ValueError:
        return Activity(f"code {code}", f"代码 {code}")
    name = kind.name.lower().replace("_", " ")
    return ACTIVITIES.get(kind, Activity(name, name))


def named(activity: Activity, lang: Language) -> str:
    """Its name in one language."""
    return activity.zh if lang == "zh" else activity.en
