# %% [markdown]
# # 04 Calibration · 校准
#
# **Question 问题.** Which assumptions (假定) do reported outcomes (已报道的成效) fix, which do they leave
# open, and would we notice?
#
# A textbook desk with three servers whose truth we know: 0.2 requests an hour (诉求率), 10 h of work
# each (工时). We simulate what would be reported of it, forget the truth, and start from wide
# ranges with wrong middles. `gridgov calibrate` does the same with the targets of a scenario.

# %%
import pandas as pd

import sim as gg
from sim.analysis.acceptance import Settings
from sim.analysis.claims import Band
from sim.analysis.ensemble import weighted_quantiles
from sim.experiment.attempts import Attempts, Output
from sim.experiment.calibrate import Question, calibrate, work_of
from sim.experiment.calibrate_results import claims_table, parameters_table
from sim.experiment.unknowns import unknowns_of
from sim.model.targets import Quantity
from sim.scenario.reader import load_scenario

# %% [markdown]
# ## The prior · 先验
#
# Every assumption with a range is an unknown. One of them, the patience (耐心) before a call to the
# hotline, has nothing to do with what will be reported.

# %%
FILE = "04_calibration.yaml"
reading = load_scenario(FILE)
unknowns = unknowns_of([reading])
pd.DataFrame(
    {"assumed": [one.now for one in unknowns], "range": [one.ends for one in unknowns]},
    index=[one.name for one in unknowns],
)

# %% [markdown]
# ## What is reported · 对照目标
#
# One run of the truth, with a seed of its own. A claim (对照) is met by a run within 5 % of it.

# %%
RATE, WORK = "sources.calls.rate", "requests.call.work.exponential"
truth = gg.read_scenario(FILE, [f"{RATE}=0.2/h", f"{WORK}=10 h"])
once = gg.replicate(truth, replications=1, seed=99, workers=1).summary()
CLAIMS = {"load": "utilisation", "number": "reported", "time": "resolution_mean"}
reported = once[once["by"] == "all"].set_index("metric").loc[list(CLAIMS.values())]
reported[["mean", "unit"]].round(3)

# %%
question = Question(
    readings=(reading,),
    unknowns=unknowns,
    outputs=tuple(
        Output(f"{claim}/{metric}", None, Quantity(metric=metric), None)
        for claim, metric in CLAIMS.items()
    ),
    bands=tuple(Band(0.95 * value, 1.05 * value) for value in reported["mean"]),
    held_out=("time",),
)
attempts = Attempts(work_of(question, seed=1, replications=1, engine=None), None, workers=1)
settings = Settings(seed=1, wanted=40, budget=300, training=100)


def fit(*held_out: str):
    """The answer when these claims are simulated, but not used."""
    asked = question._replace(held_out=held_out)
    (answer,) = calibrate(asked, attempts, settings)
    places = pd.DataFrame(answer.posterior.points, columns=[one.name for one in unknowns])
    return parameters_table(asked, answer), claims_table(asked, answer), places, answer


SHOWN = ["parameter", "low", "high", "median", "p05", "p95", "verdict", "partner"]

# %% [markdown]
# ## One claim: the load alone · 只用负荷
#
# Load (负荷) is rate times work over servers. It fixes the product and neither factor: *jointly*
# means known only together with the partner.

# %%
load_only, _, places, answer = fit("number", "time")
load_only[SHOWN]

# %%
weights = pd.Series(answer.posterior.weights).round(2)
gg.plot.pairs(places[[RATE, WORK]], weights)

# %% [markdown]
# ## Two claims: load and number · 负荷加件数
#
# The number of requests (件数) fixes the rate, and the load then fixes the work.

# %%
both, claims, places, answer = fit("time")
both[SHOWN]

# %%
weights = pd.Series(answer.posterior.weights).round(2)
gg.plot.marginals(places[list(both["parameter"])], weights, both)

# %% [markdown]
# ## Predictive check · 预测检验
#
# The mean resolution time (办结时长) was *not* used. Runs that meet the other claims predict it; the
# hollow dot is what was reported. Intervals hold 95 % of the accepted runs.

# %%
runs = answer.posterior
ends = [weighted_quantiles(column, runs.weights, [0.025, 0.975]) for column in runs.outputs.T]
check = pd.DataFrame(ends, columns=["low", "high"], index=claims["reading"]).assign(
    mean=claims["mean"].to_numpy(),
    reported=reported["mean"],
    unit=reported["unit"],
    held_out=~claims["used"].to_numpy(),
)
check.round(2)

# %%
gg.plot.calibration(check.rename_axis("target").reset_index())

# %% [markdown]
# ## Conclusion and its limits · 结论与局限

# %%
known = both.set_index("parameter")
for name, true in ((RATE, 0.2), (WORK, 10.0)):
    low, high = (float(known.loc[name, end].split("/")[0].split()[0]) for end in ("p05", "p95"))
    print(f"{name}: 90 % interval {low:g} to {high:g}, true {true:g}")
    assert low <= true <= high
    assert known.loc[name, "verdict"] == "identified"
first = load_only.set_index("parameter")
assert {first.loc[name, "verdict"] for name in (RATE, WORK)} == {"jointly"}
(patience,) = set(known.index) - {RATE, WORK}
assert known.loc[patience, "verdict"] == "prior_only"
print(f"{patience}: {known.loc[patience, 'verdict']}")

# %% [markdown]
# - Two claims recover rate and work; with one, a wrong pair fits as well as the true one. No claim
#   speaks of patience, and the answer is what was assumed before (仅先验).
# - About forty accepted runs: ends of intervals are rough. Each run is one desk for one stretch.
# - Here the model is true. Of a real place it is not, and widths (容差) must say by how much.
# - A reported outcome may be stated by those whom it grades; a posterior (后验) inherits that.
