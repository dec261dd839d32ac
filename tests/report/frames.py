"""Small tables like those that runs, comparisons and sweeps give, made without running any."""

import numpy as np
import pandas as pd

WAR = range(20, 34)


def daily(scenario: str | None = None, height: float = 1.0) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    rows = []
    for replication in range(1, 6):
        for day in range(60):
            war = day in WAR
            level = 30 + (
                220 * (day - 19) / 14 if war else max(0, 220 - 30 * (day - 33)) * (day > 33)
            )
            rows.append(
                {
                    "replication": replication,
                    "date": pd.Timestamp(2024, 1, 1) + pd.Timedelta(days=day),
                    "open_mean": height * level * rng.uniform(0.8, 1.2),
                    "mode": "war" if war else "peace",
                }
            )
    table = pd.DataFrame(rows)
    return table if scenario is None else table.assign(scenario=scenario)


def dailies() -> pd.DataFrame:
    levels = {"300 户/人": 0.6, "350 户/人": 0.8, "400 户/人": 1.0, "450 户/人": 1.7}
    return pd.concat([daily(name, height) for name, height in levels.items()])


def cases() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    n = 600
    names = np.array(["noise", "噪声扰民", "物业维修", "parking"])
    kind = names[rng.integers(0, 4, n)]
    reported = pd.Timestamp(2024, 1, 1) + pd.to_timedelta(rng.uniform(0, 60 * 24, n), unit="h")
    hours = rng.gamma(2, 20, n) * (1 + 0.6 * (kind == "parking"))
    seen = (pd.Timestamp(2024, 3, 5) - reported) / pd.Timedelta(hours=1)
    outcome = np.where(hours < seen, "closed", "open")
    outcome[:20] = "left"
    return pd.DataFrame(
        {
            "replication": rng.integers(1, 5, n),
            "class": kind,
            "mode": "peace",
            "reported_at": reported,
            "outcome": outcome,
            "resolution": np.where(outcome == "closed", hours, np.nan),
            "limit": 72.0,
        }
    )


def row(metric, by, group, mean, unit="1", half=0.03):
    low, high = mean * (1 - half), mean * (1 + half)
    return (metric, by, group, mean, low, high, unit, 10, 1000)


SUMMARY = ["metric", "by", "group", "mean", "low", "high", "unit", "n", "cases"]


def summary(places: int = 12, cost: float = 310_000.0, p90: float = 61.0) -> pd.DataFrame:
    rows = [
        row("cost_per_month", "all", "all", cost, "CNY/month"),
        row("resolution_p90", "all", "all", p90, "h"),
        row("resolution_mean", "all", "all", 31.0, "h"),
        row("fairness_gini", "all", "all", 0.118),
    ]
    teams = {
        "grid_workers": (0.21, 0.44),
        "社区工作者": (0.16, 0.31),
        "departments": (0.55, 0.0),
    }
    modes = {"peace": (0.18, 0.41), "war": (0.62, 0.33), "recovery": (0.35, 0.38)}
    for by, groups in (("pool", teams), ("mode", modes)):
        for name, (requests, duties) in groups.items():
            rows += [
                row("utilisation", by, name, requests + duties),
                row("utilisation_requests", by, name, requests),
                row("utilisation_duties", by, name, duties),
            ]
    rng = np.random.default_rng(6)
    for place in range(places):
        mean = float(rng.uniform(20, 48))
        name = f"bijiang/c{place // 5 + 1:02}/g{place + 1:03}"
        rows.append(row("resolution_mean", "place", name, mean, "h", half=0.15))
    return pd.DataFrame(rows, columns=SUMMARY)


def points() -> pd.DataFrame:
    designs = {
        "450 户/人": (240e3, 96.0),
        "400 户/人": (270e3, 70.0),
        "350 户/人": (305e3, 47.0),
        "300 户/人": (352e3, 41.0),
        "每网格10人": (430e3, 39.0),
        "加部门": (330e3, 60.0),
        "加夜班": (400e3, 52.0),
    }
    rows = [
        (name, x, x * 0.99, x * 1.01, y, y * 0.93, y * 1.07) for name, (x, y) in designs.items()
    ]
    return pd.DataFrame(
        rows, columns=["design", "x", "x_low", "x_high", "y", "y_low", "y_high"]
    )


def cells() -> pd.DataFrame:
    rows = [
        {
            "households_per_worker": h,
            "部门数": d,
            "mean": m,
            "low": m - 0.015,
            "high": m + 0.015,
        }
        for h in (300, 350, 400, 450, 500)
        for d in (2, 4, 6)
        if (m := min(0.985, 1.06 - 0.0011 * (h - 200) + 0.03 * (d - 2))) or True
    ]
    return pd.DataFrame(rows)


def differences() -> pd.DataFrame:
    metrics = {
        "first_response_mean": ("h", 8.2, (-1.4, -0.2)),
        "resolution_p90": ("h", 61.0, (-13.0, 4.0)),
        "on_time_rate": ("1", 0.86, (0.07, -0.02)),
        "utilisation": ("1", 0.66, (-0.05, 0.06)),
        "cost_per_month": ("CNY/month", 310e3, (42e3, -30e3)),
    }
    rows = []
    for metric, (unit, base, changes) in metrics.items():
        for other, change in zip(("300 户/人", "450 户/人"), changes, strict=True):
            half = abs(base) * 0.03
            rows.append(
                {
                    "metric": metric,
                    "by": "all",
                    "group": "all",
                    "baseline": "bijiang",
                    "other": other,
                    "baseline_mean": base,
                    "other_mean": base + change,
                    "difference": change,
                    "low": change - half,
                    "high": change + half,
                    "distinguishable": abs(change) > half,
                    "unit": unit,
                    "n": 20,
                }
            )
    return pd.DataFrame(rows)


def targets() -> pd.DataFrame:
    rows = [
        ("on_time_rate", "1", 0.95, 0.93, 0.97, False),
        ("closed_rate", "1", 0.994, 0.990, 0.997, False),
        ("resolved_of_reported", "1", 0.89, 0.80, 0.86, False),
        ("satisfied_of_reported", "1", 0.91, 0.90, 0.94, True),
    ]
    table = pd.DataFrame(
        rows, columns=["target", "unit", "reported", "low", "high", "held_out"]
    )
    return table.assign(mean=(table["low"] + table["high"]) / 2)


def mixed_targets() -> pd.DataFrame:
    more = pd.DataFrame(
        [("resolution_mean", "h", 30.0, 25.0, 33.0, False, 29.0)],
        columns=["target", "unit", "reported", "low", "high", "held_out", "mean"],
    )
    return pd.concat([targets(), more], ignore_index=True)


def effects() -> pd.DataFrame:
    rows = [
        ("网格员处置时长", "20 min", "45 min", 48.0, 83.0),
        ("households_per_worker", 300, 400, 52.0, 71.0),
        ("switch_delay", "2 h", "24 h", 59.0, 66.0),
        ("hand-off delay", "1 h", "8 h", 58.5, 64.5),
        ("rework probability", 0.02, 0.1, 60.0, 62.0),
    ]
    columns = ["assumption", "low_setting", "high_setting", "at_low", "at_high"]
    return pd.DataFrame(rows, columns=columns)
