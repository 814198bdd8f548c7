"""Plans how many cases of which kind a sample holds, so that the counts add up to the published totals exactly.

It takes `sample.yaml` as a dictionary and returns the frames `cells`, `halves` and `certificate_months`. The SQL in
`sql/` expands their rows to single cases.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

Cell = dict[str, Any]


def scale_count(count: int, scale: float) -> int:
    """`count` at `scale`, at least 1 unless `count` is 0."""
    return max(round(count * scale), 1) if count else 0


def allocate(total: int, weights: list[int]) -> list[int]:
    """Divide `total` in proportion to `weights`, largest remainders first; the parts add up to `total`."""
    among = sum(weights) or 1
    parts = [total * weight // among for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % among), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def plan_cells(plan: dict[str, Any], towns: dict[str, int], scale: float) -> pd.DataFrame:
    """One row a cell: half_no, month, venue, town_no, via_platform, fate, is_counted, fixed_*, cases, start …

    `start`: id of the cell's first case; `pool_start`: id of the first ordinary case of that half-year and venue.
    """
    planned: list[Cell] = []
    published = next(q for q in plan["halves"].values() if isinstance(q["township"], dict))
    for half, quantities in plan["halves"].items():
        planned += _plan_half(half, quantities, published, plan, towns, scale)
    planned.sort(key=lambda cell: (cell["half"], cell["venue"], not cell["is_counted"], cell["fate"] != "normal"))
    start, pool_starts = 0, {}
    for cell in planned:
        cell["start"] = start
        pool_starts.setdefault((cell["half"], cell["venue"]), start)
        start += cell["cases"]
    for cell in planned:
        cell["pool_start"] = pool_starts[cell["half"], cell["venue"]]
    frame = pd.DataFrame(planned).drop(columns=["half", "town"])
    return frame.astype({"town_no": "Int32", "fixed_second": "Int32", "fixed_limit": "Int32"})


def _plan_half(
    half: str,
    quantities: dict[str, Any],
    published: dict[str, Any],
    plan: dict[str, Any],
    towns: dict[str, int],
    scale: float,
) -> list[Cell]:
    months = {month: scale_count(count, scale) for month, count in quantities["months"].items()}
    keys = ("township", "platform", "overdue_open")
    by_town = {key: _split_by_town(quantities[key], published[key], scale) for key in keys}
    special = [_plan_special(entry, towns, scale) for entry in plan["special_cases"] if entry["half"] == half]
    overdue_already = {entry["town"]: 0 for entry in plan["special_cases"] if "town" in entry}
    for cell in special:
        if cell.pop("counts_overdue"):
            overdue_already[cell["town"]] += cell["cases"]
    open_cells: list[Cell] = []
    elsewhere = quantities["overdue_elsewhere"]
    elsewhere_by_town = allocate(scale_count(elsewhere["township"], scale), list(by_town["township"].values()))
    for (town, in_town), outside in zip(by_town["township"].items(), elsewhere_by_town, strict=True):
        on_platform = by_town["platform"][town]
        late = max(by_town["overdue_open"][town] - overdue_already.get(town, 0), 0)
        ordinary = on_platform - late - sum(cell["cases"] for cell in special if cell["town"] == town)
        own = in_town - on_platform - outside
        if min(ordinary, own) < 0:
            raise ValueError(f"sample.yaml: {half} has more special cases in {town} than cases at scale {scale}")
        open_cells += [
            _make_cell("township", fate, cases, town=town, town_no=towns[town], via_platform=is_via_platform)
            for fate, is_via_platform, cases in (
                ("late", True, late),
                ("normal", True, ordinary),
                ("elsewhere", False, outside),
                ("normal", False, own),
            )
        ]
    total = sum(months.values())
    hall = total - sum(by_town["township"].values())
    late = scale_count(elsewhere["hall"], scale)
    taken = sum(cell["cases"] for cell in special if cell["venue"] == "hall")
    open_cells += [_make_cell("hall", "elsewhere", late), _make_cell("hall", "normal", hall - late - taken)]
    counted = _spread_over_months(open_cells, special, months)
    part = scale * (0.1 if len(months) == 1 else 1)
    aside = [
        _make_cell("hall", fate, scale_count(count, part), is_counted=False)
        if place == "hall"
        else _make_cell(
            "township", fate, scale_count(count, part), is_counted=False, via_platform=place == "platform", town_no=1
        )
        for place, fates in plan["uncounted_cases"].items()
        for fate, count in fates.items()
    ]
    half_no = list(plan["halves"]).index(half)
    return [
        cell | {"half": half, "half_no": half_no}
        for cell in counted + _split_over_months(aside, months)
        if cell["cases"]
    ]


def _split_by_town(quantity: int | dict[str, int], published: dict[str, int], scale: float) -> dict[str, int]:
    if isinstance(quantity, dict):
        return {town: scale_count(count, scale) for town, count in quantity.items()}
    return dict(zip(published, allocate(scale_count(quantity, scale), list(published.values())), strict=True))


def _plan_special(entry: dict[str, Any], towns: dict[str, int], scale: float) -> Cell:
    town, on = entry.get("town"), entry.get("accepted_on")
    return _make_cell(
        "township" if town else "hall",
        entry["fate"],
        scale_count(entry["cases"], scale),
        town=town,
        town_no=towns[town] if town else None,
        via_platform=bool(town),
        month=entry.get("month") or f"{on:%Y-%m}",
        fixed_on=on,
        fixed_second=entry.get("second"),
        fixed_limit=entry.get("limit"),
        fixed_unit=entry.get("unit") or ("working_day" if entry.get("limit") else None),
        counts_overdue=entry.get("counts_overdue", False),
    )


def _make_cell(venue: str, fate: str, cases: int, **rest: Any) -> Cell:
    empty = {
        "month": None,
        "town_no": None,
        "via_platform": False,
        "is_counted": True,
        "fixed_on": None,
        "town": None,
        "fixed_second": None,
        "fixed_limit": None,
        "fixed_unit": None,
    }
    return empty | {"venue": venue, "fate": fate, "cases": cases} | rest


def _spread_over_months(open_cells: list[Cell], special: list[Cell], months: dict[str, int]) -> list[Cell]:
    """Spread each venue's cells over the months, so that months, venues and cells all keep their totals."""
    amounts = {v: sum(c["cases"] for c in [*open_cells, *special] if c["venue"] == v) for v in ("township", "hall")}
    township = dict(zip(months, allocate(amounts["township"], list(months.values())), strict=True))
    room = {"township": township, "hall": {month: n - township[month] for month, n in months.items()}}
    for cell in special:
        room[cell["venue"]][cell["month"]] -= cell["cases"]
    spread: list[Cell] = list(special)
    for venue, by_month in room.items():
        spread += _split_over_months([cell for cell in open_cells if cell["venue"] == venue], by_month)
    return spread


def _split_over_months(whole: list[Cell], months: dict[str, int]) -> list[Cell]:
    """Split each cell over the months: a month takes from every cell in proportion to what is left of it."""
    left = [cell["cases"] for cell in whole]
    shares = allocate(sum(left), list(months.values()))
    parts = []
    for month, share in zip(months, shares, strict=True):
        taken = allocate(share, left)
        left = [rest - part for rest, part in zip(left, taken, strict=True)]
        parts += [cell | {"month": month, "cases": n} for cell, n in zip(whole, taken, strict=True)]
    return parts


def plan_halves(plan: dict[str, Any], days: pd.DataFrame, scale: float) -> pd.DataFrame:
    """One row a half-year: its dates, and how many online cases, used items, ratings … it is to have."""
    number = dict(zip(days.date_on, days.day_no, strict=True))
    rows = []
    for place, (half, q) in enumerate(plan["halves"].items()):
        year, ends = int(half[:4]), {"H1": (6, 30), "H2": (12, 31)}[half[4:]]
        offline = round(q["fully_online"] * scale * 0.045)
        rows.append(
            {
                "half": half,
                "half_no": place,
                "ends_on": min(date(year, *ends), plan["last_day"]),
                "fully_online": round(q["fully_online"] * scale),
                "mobile": round(q["mobile"] * scale),
                "online": round(q["fully_online"] * scale) + offline,
                "hall_items": q["items_used"]["hall"],
                "township_items": q["items_used"]["township"],
                "late_from": number[q["finish_overdue"][0]],
                "late_to": number[q["finish_overdue"][1]],
                "left_open": q["overdue_left_open"],
                "last_no": number[plan["last_day"]],
                "bad_given": scale_count(q["bad_ratings"]["given"], scale),
                "bad_unrectified": q["bad_ratings"]["unrectified"],
                **{
                    key: scale_count(q[key], scale)
                    for key in (
                        "finished_enrolled",
                        "evaluated_cases",
                        "second_ratings",
                        "late_ratings",
                        "online_ratings",
                    )
                },
            }
        )
    return pd.DataFrame(rows)


def plan_certificates(plan: dict[str, Any], scale: float) -> pd.DataFrame:
    """One row a month: half, month, certificates, types of the half-year, start (id of the first)."""
    rows, start = [], 0
    for half, quantities in plan["halves"].items():
        for month, count in quantities["certificates"].items():
            count = scale_count(count, scale)
            rows.append((half, month, count, quantities["certificate_types"], start))
            start += count
    return pd.DataFrame(rows, columns=["half", "month", "certificates", "types", "start"])
