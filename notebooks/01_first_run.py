# %% [markdown]
# # 01 First run · 第一次运行
#
# **Question 问题.** In one town (安丘城区), how long do residents wait from report (上报) to final
# closure (办结), and who is busy meanwhile?
#
# A scenario (情景) is read, played several times (重复), and measured. Every figure below has a
# 95 % interval over replications (置信区间), since one run is one draw of chance.

# %%
import sim as gg

# %% [markdown]
# ## The scenario · 情景
#
# `read_scenario` reads the YAML file and checks it. Overrides (覆盖) change single fields: here a
# short stretch, so that the notebook runs in a moment. The first week is warm-up (预热) and is not
# measured; requests reported in the three weeks after it are followed up for another fortnight.

# %%
SHORT = ["run.horizon=28 d", "run.warm_up=7 d", "run.cool_down=14 d", "run.follow_up=14 d"]

town = gg.read_scenario("../scenarios/town-anqiu.yaml", SHORT)
print(town.title.read("en"), "/", town.title.read("zh"))
print(town.question.read("en"))
print(town.question.read("zh"))

# %% [markdown]
# ## Play it · 运行
#
# Eight replications with a fixed seed (种子): the same numbers on every machine.

# %%
runs = gg.replicate(town, replications=8, seed=1, workers=1)
runs

# %% [markdown]
# ## Headline figures · 主要指标
#
# `summary()` is a DataFrame: one row for each metric (指标) and group. Times are in hours; rates are
# shares of 1. Resolution (办结时长) runs to *final* closure; response (响应) is the start of work.

# %%
summary = runs.summary()
HEADLINE = [
    "first_response_mean",
    "resolution_median",
    "resolution_p90",
    "closed_within_7_days",
    "on_time_rate",
    "satisfied_of_reported",
    "utilisation",
]
COLUMNS = ["mean", "low", "high", "unit"]
whole = summary[summary["by"] == "all"].set_index("metric")
whole.loc[HEADLINE, COLUMNS].round(3)

# %% [markdown]
# The same by class of request (诉求类别): repairs wait for parts and contractors, errands do not.

# %%
by_class = summary[(summary["by"] == "class") & (summary["metric"] == "resolution_p90")]
by_class[["group", "mean", "low", "high", "unit", "cases"]].round(1).sort_values("mean")

# %% [markdown]
# ## Two figures · 图
#
# A figure shows itself and its title is what it found. First who is busy with what (负荷).

# %%
titles = {
    name: f"{pool.title.read('zh')} {pool.title.read('en')}"
    for name, pool in town.pools.items()
}
gg.plot.utilisation(summary.replace({"group": titles}))

# %% [markdown]
# Then how many requests are open (未结诉求) on each day.

# %%
gg.plot.open_requests(runs.daily)

# %% [markdown]
# ## Conclusion and its limits · 结论与局限

# %%
days = whole.loc["resolution_p90", ["mean", "low", "high"]].astype(float) / 24
print(f"Nine requests in ten are closed within {days['mean']:.2f} days")
print(f"(95 % interval {days['low']:.2f} to {days['high']:.2f}, 8 replications).")
assert days["low"] < days["mean"] < days["high"]

# %% [markdown]
# - The interval speaks of chance within the model, **not** of the assumptions: rates, work and
#   delays of this town are assumed with ranges (假定及范围), not reported. `gridgov sensitivity` ranks them.
# - Requests that are open at the end are censored (删失), not dropped; a quantile that is not reached
#   is empty, never a guess.
# - Three measured weeks in spring say nothing of other seasons.
