# %% [markdown]
# # 03 Peacetime and wartime · 平时与战时
#
# **Question 问题.** When an outbreak (疫情冲击) raises demand, what does switching to wartime (平战转换) do
# for residents: flat command (扁平指挥) under the community's station head, longer hours, quick
# hand-offs (流转), some classes held until it is over (暂停办理)? And who pays for it?
#
# Two scenarios meet the same residents and the same outbreak, request by request. One switches;
# the other stays in peacetime throughout.

# %%
import pandas as pd

import sim as gg

# %% [markdown]
# ## The scenarios · 情景
#
# Bijiang (碧江) with an outbreak of a fortnight. A *shock* changes what arrives, a *mode* (状态) changes
# the answer: without modes the same demand meets peacetime staffing.

# %%
SHORT = [
    "run.horizon=49 d",
    "run.warm_up=7 d",
    "run.cool_down=14 d",
    "run.follow_up=14 d",
    "shocks.outbreak.start=14 d",
    "shocks.outbreak.lasts=14 d",
]


def bijiang(name: str, *more: str):
    """Bijiang under a name, with some fields changed."""
    system = gg.read_scenario("../scenarios/bijiang.yaml", [*SHORT, *more])
    return system.model_copy(update={"name": name})


STAYS, SWITCHES = "always peacetime 始终平时", "switches 平战转换"
comparison = gg.compare(
    [bijiang(STAYS, "modes=null"), bijiang(SWITCHES)], replications=4, seed=1, workers=1
)
print("sources of demand that differ:", comparison.unmatched or "none")

# %% [markdown]
# ## Day by day · 逐日

# %%
daily = [
    runs.daily.assign(scenario=name)
    for name, runs in zip(comparison.names, comparison.runs, strict=True)
]
gg.plot.open_requests(pd.concat(daily))

# %% [markdown]
# ## All together, and by class · 总体与分类
#
# Differences are *switches* minus *always peacetime*, hours, in the same requests. The cohort (统计对象)
# is everything reported in the six measured weeks, before and after the outbreak included.

# %%
table = comparison.differences(["first_response_mean"])
COLUMNS = ["baseline_mean", "other_mean", "difference", "low", "high", "distinguishable"]
table[table["by"] == "all"].set_index("metric")[COLUMNS].round(2)

# %% [markdown]
# Over everything, switching looks *worse*. One class explains it:

# %%
system = bijiang(SWITCHES)
titles = {
    name: f"{one.title.read('zh')} {one.title.read('en')}"
    for name, one in system.requests.items()
}
classes = table[(table["by"] == "class") & table["difference"].notna()]
classes = classes.assign(**{"class": classes["group"].map(titles)}).set_index("class")
classes[COLUMNS].round(2).sort_values("difference")

# %% [markdown]
# What the mode says of that class, in the scenario:

# %%
for name, change in system.modes["war"].requests.items():
    if getattr(change, "suspended", None) is not None:
        print(f"{titles[name]}: {change.suspended}")

# %%
# Each class as a row of the figure of differences; the held class is left out.
served = classes[classes["group"] != "errand"]
gg.plot.differences(served.reset_index().assign(by="all", other=served.index))

# %% [markdown]
# ## Conclusion and its limits · 结论与局限

# %%
found = classes.set_index("group")


def said(name: str) -> str:
    """First response of a class in both scenarios, and the difference with its interval."""
    row = found.loc[name]
    return (
        f"{titles[name]}: {row['baseline_mean']:.1f} h -> {row['other_mean']:.1f} h "
        f"({row['difference']:+.1f}, 95 % interval {row['low']:+.1f} to {row['high']:+.1f})"
    )


for name in ("urgent", "transport", "errand"):
    print(said(name))
assert found.loc["urgent", "high"] < 0
assert found.loc["transport", "high"] < 0
assert found.loc["errand", "low"] > 24

# %% [markdown]
# - Wartime serves urgent dangers and transport sooner, and those with errands pay: their matters wait
#   until it is over. A mean over all classes hides both, so read wartime by class.
# - Figures *by mode* compare other requests (those reported in wartime against the rest); figures by
#   class in two scenarios compare the same ones.
# - When the outbreak comes, how strong it is and how fast people are called in are assumed with
#   ranges; `gridgov switch` varies trigger (启动阈值), delay and strength.
# - The outbreak is shorter than the one of the scenario, so that the notebook is quick.
