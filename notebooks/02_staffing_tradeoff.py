# %% [markdown]
# # 02 Staffing trade-off · 人员配备的取舍
#
# **Question 问题.** Hanting (寒亭) reports one full-time community worker (专职社区工作者) for every 300 to
# 400 households (户). What do residents gain at the dense end, what does it cost, and what if there
# were one for 826, the ratio (配比) that Anqiu (安丘) has in fact?
#
# Only the ratio differs between the scenarios (情景). All of them meet the *same* requests, one by
# one (共同随机数), so that differences are taken pair by pair (配对差) and chance cancels.

# %%
import pandas as pd

import sim as gg

# %%
SHORT = ["run.horizon=28 d", "run.warm_up=7 d", "run.cool_down=14 d", "run.follow_up=14 d"]
RATIOS = (300, 350, 400, 600, 826)
PATH = "pools.community_workers.staff.rules.norm.per"


def hanting(ratio: int):
    """Hanting with one worker per so many households."""
    system = gg.read_scenario("../scenarios/hanting.yaml", [*SHORT, f"{PATH}={ratio}"])
    return system.model_copy(update={"name": f"1:{ratio}"})


comparison = gg.compare([hanting(r) for r in RATIOS], replications=4, seed=1, workers=1)
comparison

# %% [markdown]
# ## Against the dense end · 与每 300 户一人相比
#
# `differences()` is other minus baseline (基准), in hours, with intervals that hold together for all
# four comparisons.

# %%
METRICS = ["first_response_mean", "resolution_mean", "resolution_p90", "cost_per_month"]
table = comparison.differences(METRICS)
whole = table[table["by"] == "all"]
COLUMNS = ["metric", "other", "baseline_mean", "difference", "low", "high", "distinguishable"]
whole[[*COLUMNS, "unit"]].round(2).reset_index(drop=True)

# %% [markdown]
# Common requests make the intervals narrower, by this factor; the same certainty from requests of
# its own for each scenario would take the square of it in replications.

# %%
times = whole[whole["unit"] == "h"]
times.pivot_table(index="other", columns="metric", values="narrowing").round(1)

# %%
gg.plot.differences(table, metrics=["first_response_mean", "resolution_p90"])

# %% [markdown]
# ## What shorter waits cost · 缩短等待的代价
#
# Each point is one ratio: cost a month (月成本) against the mean time to first response (首次响应).

# %%
summaries = {
    name: runs.summary() for name, runs in zip(comparison.names, comparison.runs, strict=True)
}
points = gg.plot.frontier_points(summaries, y="first_response_mean")
gg.plot.frontier(points, y="first_response_mean")

# %% [markdown]
# ## Who does the work · 谁在忙
#
# The workers' own load (负荷), requests and duties (任务) apart. Hanting lets requests go before
# scheduled duties: with few workers, duties are dropped (未完成的任务) before requests wait long.

# %%
rows = []
for name, summary in summaries.items():
    workers = summary[(summary["by"] == "pool") & (summary["group"] == "community_workers")]
    load = workers.set_index("metric")["mean"]
    done = summary[(summary["by"] == "all") & (summary["metric"] == "duty_done_rate")]["mean"]
    rows.append(
        {
            "ratio": name,
            "requests 诉求": load["utilisation_requests"],
            "duties 任务": load["utilisation_duties"],
            "duties done 任务完成率": done.iloc[0],
        }
    )
pd.DataFrame(rows).set_index("ratio").round(3)

# %% [markdown]
# ## Conclusion and its limits · 结论与局限

# %%
found = whole.set_index(["metric", "other"])


def said(metric: str, other: str, unit: str, scale: float = 1.0) -> str:
    """A difference with its interval."""
    row = found.loc[(metric, other)]
    ends = f"{row['low'] * scale:+.1f} to {row['high'] * scale:+.1f}"
    return f"{row['difference'] * scale:+.1f} {unit} (95 % interval {ends})"


for other in ("1:400", "1:826"):
    print(f"{other} instead of 1:300:")
    print("  first response", said("first_response_mean", other, "min", 60))
    print("  cost a month  ", said("cost_per_month", other, "thousand CNY", 0.001))
assert found.loc[("first_response_mean", "1:400"), "low"] > 0
assert found.loc[("cost_per_month", "1:400"), "high"] < 0
assert (
    found.loc[("first_response_mean", "1:826"), "low"]
    > found.loc[("first_response_mean", "1:400"), "high"]
)

# %% [markdown]
# - Within the reported norm (300 to 400) residents lose little; the loss grows at 826.
# - Only the ratio and the norm are reported; households, demand (诉求量), work and delays are assumed.
#   Intervals do not cover that: see `gridgov sensitivity`.
# - Cost is pay and fund, not what the work is worth; better trained workers are not modelled.
# - Four weeks and four replications. `gridgov sweep` and `gridgov optimise` do this at full size.
