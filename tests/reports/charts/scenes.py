"""Periods of many kinds that every chart is drawn for: rising, empty, a month, a year, long names, small numbers.

Each scene changes some of the published half-year's figures (stub_figures.py). `drawn` gives all charts of a scene,
drawn once for all tests.
"""

from datetime import date
from functools import cache

from reports.charts import all_charts as charts
from reports.charts.drawing.sheet import Chart
from tests.reports.stub_figures import CERTIFICATES, TOWNS, VOLUMES, YEAR_AGO, figures

LONG = "宁东能源化工基地某某"
MANY = {f"{LONG if n % 4 == 0 else ''}第{n}镇": (9000 - 290 * n, n * 37 % 91, 3000) for n in range(30)}
FEW = {"甲窗口": 12, "乙窗口": 12}
SCENES = {
    "published": {},
    "rising": {"volumes": YEAR_AGO, "year_ago": VOLUMES, "certificates": CERTIFICATES[::-1]},
    "mixed": {"volumes": (86_000, 52_000, 60_000, 92_000, 79_200, 99_000)},
    "no base": {
        "year_ago": None,
        "towns": {"东塔镇": TOWNS["东塔镇"]},
        "organisations": FEW,
        "levels": (12, 0, 0, 0, 0),
        "ranks": {"事项覆盖率": (1, None)},
    },
    "thirty long names": {
        "towns": MANY,
        "organisations": {name: volume for name, (volume, *_) in MANY.items()},
        "ranks": {f"指标名称较长的第{n}项": (n, 13 - n) for n in range(1, 13)},
    },
    "small": {
        "volumes": (912, 0, 1204, 13, 880, 1011),
        "year_ago": (800, 20, None, 700, 900, 1000),
        "certificates": (0, 12, 0, 30, 2, 1),
        "online": (0, 120, 3),
        "towns": {"甲镇": (0, 2, 0), "乙镇": (12, 0, 9), "丙乡": (300, 1, 70), "丁街道": (5, 6, 5)},
    },
    "nothing": {
        "volumes": (0, 0),
        "year_ago": (0, 0),
        "certificates": (0, 0),
        "online": (0, 0, 0),
        "towns": {"甲镇": (0, 0, 0)},
        "organisations": {"甲窗口": 0},
        "levels": (0, 0, 0, 0, 0),
        "ranks": {},
        "daily": lambda day: 0,
    },
    "towns unstated": {"towns": {**TOWNS, "未注明": (9900, 300, 900)}},
    "one month": {
        "volumes": (61_000,),
        "year_ago": (79_100,),
        "certificates": (15_900,),
        "first_month": 6,
        "period": "2022-06",
        "kind": "month",
        "short_name": "6月",
        "online": (6000, 3000, 1000),
    },
    "year": {
        "volumes": VOLUMES * 2,
        "year_ago": YEAR_AGO * 2,
        "certificates": CERTIFICATES * 2,
        "period": "2022",
        "kind": "year",
        "short_name": "全年",
        "as_of": date(2022, 12, 31),
    },
    "year to date": {
        "volumes": (*VOLUMES, 28_000),
        "year_ago": (*YEAR_AGO, 30_000),
        "period": "2022",
        "kind": "year",
        "certificates": (*CERTIFICATES, 5000),
        "as_of": date(2022, 7, 15),
        "is_complete": False,
    },
}
EVERY = [(scene, width) for scene in SCENES for width in (640, 352)]


@cache
def drawn(scene: str, width: int) -> list[Chart]:
    return charts.draw(figures(**SCENES[scene]), width, charts.KEYS)
