"""Words the one sentence above each chart from the chart's data, by rules that hold for any data.

Takes plain values (names, counts, shares of 1) and returns a sentence of at most 34 characters. Where a full sentence
is longer, it leaves a part out. A headline claims only what the numbers beside it show: where two numbers print alike,
neither is called the highest.
"""

from datetime import date
from itertools import pairwise

from reports.text.wording import exact, percent, wan

LONGEST = 34
_ROUNDING_ERROR = 1e-9
_DIGITS = "零一二三四五六七八九十"


def monthly_volume(
    period: str, total: float, months: list[tuple[str, float | None, float | None]], base_word: str = "同月"
) -> str:
    """How the volumes of the months compare with the year before; `months` are (name, volume, volume a year before).

    `base_word` is the word for that month a year before: 同月, or 同期 where the last month is not over.
    """
    if not total:
        return f"{period}没有办件"
    start = f"{period}办件{wan(total)}件"
    pairs = [(value, base) for _, value, base in months if value is not None and base is not None]
    if not pairs:
        return _fit(*_with_or_without(start, _highest_month([(name, value) for name, value, _ in months])))
    lower = sum(value < base for value, base in pairs)
    higher = sum(value > base for value, base in pairs)
    count, than = len(pairs), f"上年{base_word}"
    is_whole = count == len(months)
    scope = "" if is_whole else f"可比的{count}个月"
    if count == 1:
        finding = f"低于{than}" if lower else f"高于{than}" if higher else f"与{than}持平"
        return _fit(*_with_or_without(start, finding if is_whole else ""))
    if lower == count or higher == count:
        finding = f"{scope or '各月'}均{'低于' if lower else '高于'}{than}"
    elif not lower and not higher:
        finding = f"{scope or '各月'}均与{than}持平"
    elif lower == higher:
        finding = f"{scope and scope + '中'}{higher}个月高于、{lower}个月低于{than}"
    else:
        number, word = (lower, "低于") if lower > higher else (higher, "高于")
        finding = f"{scope or f'{count}个月'}中{number}个月{word}{than}"
    return _fit(*_with_or_without(start, finding))


def composition(hall: float | None, township: float | None, fully_online: float | None) -> str:
    """Where the cases were handled and how many of them wholly online; the arguments are shares of the volume."""
    parts = []
    if hall is not None and township is not None:
        most, place = (hall, "大厅窗口") if hall >= township else (township, "乡镇（街道）")
        is_even = abs(hall - township) < _ROUNDING_ERROR
        parts.append("大厅窗口与乡镇（街道）办件各半" if is_even else f"{_in_tenths(most)}办件在{place}")
    if fully_online is not None:
        if not fully_online:
            parts.append("没有全程网办")
        elif abs(fully_online - 1) < _ROUNDING_ERROR:
            parts.append("全部为全程网办")
        else:
            parts.append(f"全程网办{_takes(_in_tenths(fully_online))}")
    return "，".join(parts) or "办件量构成"


def town_share(towns: list[tuple[str, float]], total: float | None) -> str:
    """How much of the townships' volume the busiest have; `towns` are (name, volume), the largest first."""
    places = _kind_of_places([name for name, _ in towns])
    busy = [(name, volume) for name, volume in towns if volume]
    if not busy or not total:
        return f"各{places}均无办件"
    name, volume = busy[0]
    if len(busy) == 1 and volume >= total:
        return _fit(f"{places}办件全部在{name}", f"{places}办件全部在一处")
    if len(towns) < 5 or len(busy) == 1:
        ties = [tied for tied, other in busy if other == volume]
        share = percent(volume / total, 1)
        if len(ties) > 1:
            finding = f"办件并列最多，各占{share}"
            return _fit("、".join(ties) + finding, f"{len(ties)}个{places}{finding}")
        return _fit(f"{name}办件最多，占{places}办件的{share}", f"{name}办件最多，占{share}", f"办件最多的占{share}")
    top = busy[:3]
    share = percent(min(sum(volume for _, volume in top) / total, 1), 0)
    names = [name for name, _ in top]
    listed = "、".join(names)
    for ending in ("镇", "乡"):
        if all(name.endswith(ending) and len(name) > 2 for name in names):
            listed = "、".join(name[:-1] for name in names) + f"{'两' if len(top) == 2 else '三'}{ending}"
    return _fit(f"{listed}合占{places}办件的{share}", f"办件最多的{len(top)}个{places}合占{share}")


def town_overdue(
    towns: list[tuple[str, float | None, float]], whole: float | None, city_word: str, decimals: int = 2
) -> str:
    """Which townships' overdue ratio is above the whole's; `towns` are (name, ratio, cases), the highest first."""
    rated = [(name, ratio) for name, ratio, _ in towns if ratio is not None]
    places = _kind_of_places([name for name, _, _ in towns])
    if not rated or not rated[0][1]:
        # in a township where no case came in, cases may be overdue without having a ratio
        overdue = sum(cases for _, _, cases in towns)
        if overdue:
            return f"超期未办{exact(overdue)}件，所在{places}本期没有办件"
        return f"各{places}均无超期未办件" if rated else f"各{places}均无“一网通办”办件"
    name, highest = rated[0]
    ties = [tied for tied, ratio in rated if abs(ratio - highest) < _ROUNDING_ERROR]
    printed = percent(highest, decimals)
    if len(rated) == 1:
        return _fit(f"{name}超期占比为{printed}", f"超期占比为{printed}")
    top = f"{'、'.join(ties)}并列最高" if 1 < len(ties) < 4 else f"{name}最高" if len(ties) == 1 else ""
    if sum(percent(ratio, decimals) == printed for _, ratio in rated) > len(ties):
        top = ""  # another ratio prints alike, so none is called the highest
    if whole is None:
        general = f"超期占比最高为{printed}"
        return _fit(f"超期占比{top}，为{printed}", general) if top else general
    above = [town for town, ratio in rated if ratio > whole + _ROUNDING_ERROR]
    if not above:
        scope = f"各{places}" if len(rated) == len(towns) else f"有办件的{places}"
        return f"{scope}超期占比均不高于{city_word}"
    if len(above) == 1:
        return _fit(
            f"仅{name}超期占比高于{city_word}，为{printed}", f"仅1个{places}超期占比高于{city_word}，为{printed}"
        )
    start = f"{len(above)}个{_kind_of_places(above)}超期占比高于{city_word}"
    return _fit(*_with_or_without(start, top or f"最高{printed}"))


def certificates(period: str, total: float, months: list[tuple[str, float | None]]) -> str:
    """How the intake moved from month to month; `months` are (name, count) of the complete ones, in order."""
    if not total:
        return f"{period}没有电子证照入库"
    subject, end = "电子证照入库", f"{period}累计{wan(total)}个"
    if len(months) < 2:
        return _fit(f"{period}{subject}{wan(total)}个")
    values = [value for _, value in months]
    if None in values:
        return _fit(f"{subject}{end}", end)
    steps = [after - before for before, after in pairwise(values)]
    finding = ""
    if len(steps) > 1:
        sign = 1 if steps[-1] > 0 else -1
        run = 0
        while run < len(steps) and steps[-1 - run] * sign > 0:
            run += 1
        word = "增加" if sign > 0 else "减少"
        if run == len(steps):
            finding = f"逐月{word}"
        elif run > 1:
            finding = f"{months[len(months) - run][0]}起逐月{word}"
    finding = finding or _highest_month(months)
    return _fit(f"{subject}{finding}，{end}" if finding else f"{subject}{end}", f"{subject}{end}", end)


def evaluation_levels(total: float, counted: float, bad: float) -> str:
    """How many valid evaluations there are and how many of them bad; `counted` of the total have a known level."""
    start = f"有效评价{wan(total)}次"
    if not counted:
        return start
    return f"{start}，差评{wan(bad)}次，占{percent(bad / total, 2)}" if bad else f"{start}，没有差评"


def organisations(organisations: list[tuple[str, float]], total: float) -> str:
    """How much of the volume the busiest have; `organisations` are (name, volume), the largest first."""
    busy = [(name, volume) for name, volume in organisations if volume]
    if not busy or not total:
        return "各单位均无办件"
    if len(busy) < 4:
        name, volume = busy[0]
        ties = [tied for tied, other in busy if other == volume]
        share = percent(volume / total, 1)
        if len(ties) > 1:
            return _fit(f"{'、'.join(ties)}办件并列最多，各占{share}", f"{len(ties)}个单位办件并列最多，各占{share}")
        return _fit(f"{name}办件最多，占{share}", f"办件最多的单位占{share}")
    share = percent(min(sum(volume for _, volume in busy[:3]) / total, 1), 0)
    listed = "、".join(name for name, _ in busy[:3])
    # where the fourth has as many as the third, naming three would be an arbitrary choice
    is_arbitrary = busy[3][1] == busy[2][1]
    general = f"办件最多的3个单位合占{share}"
    return general if is_arbitrary else _fit(f"{listed}办件合占{share}", general)


def county(ranks: list[tuple[str, int]], places: int) -> str:
    """The best and the worst place among `ranks` (indicator, place), out of `places` counties."""
    best, worst = min(place for _, place in ranks), max(place for _, place in ranks)
    if best == worst:
        return f"{ranks[0][0]}居第{best}位" if len(ranks) == 1 else f"{len(ranks)}项指标均居第{best}位"

    def named(place: int) -> str:
        names = [name for name, other in ranks if other == place]
        return names[0] if len(names) == 1 else f"{len(names)}项指标"

    last = f"居末位（第{worst}位）" if worst == places else f"居第{worst}位"
    return _fit(f"{named(best)}居第{best}位，{named(worst)}{last}", f"位次最前第{best}位，最后第{worst}位")


def calendar(days: list[tuple[date, float]], free_days: frozenset[str]) -> str:
    """The busiest day and how much of the volume came in on days off; `free_days` are written as 2022-06-04."""
    total = sum(value for _, value in days)
    if not total:
        return "本期没有办件"
    most = max(value for _, value in days)
    top = [day for day, value in days if value == most]
    busiest = f"{top[0].month}月{top[0].day}日办件最多，为{exact(most)}件" if len(top) == 1 else ""
    free = sum(value for day, value in days if str(day) in free_days)
    off = f"非工作日占{percent(free / total, 1)}" if free else "非工作日没有办件" if free_days else ""
    return _fit("，".join(part for part in (busiest, off) if part) or f"每日办件最多{exact(most)}件")


def _highest_month(months: list[tuple[str, float | None]]) -> str:
    counted = [(value, name) for name, value in months if value is not None]
    if len(counted) < 2:
        return ""
    highest = max(value for value, _ in counted)
    names = [name for value, name in counted if value == highest]
    return f"{names[0]}最多" if len(names) == 1 else "各月持平" if len(names) == len(months) else ""


def _in_tenths(share: float) -> str:
    tenth, nearest = share * 10, round(share * 10)
    if abs(share - 1) < _ROUNDING_ERROR:
        return "全部"
    if share < 0.099 or share > 0.95:
        return percent(share, 1)
    word = "一半" if nearest == 5 else f"{_DIGITS[nearest]}成"
    if abs(tenth - nearest) <= 0.1:
        return word if abs(tenth - nearest) < _ROUNDING_ERROR else f"约{word}"
    if nearest > tenth:
        return f"近{word}" if nearest - tenth <= 0.3 else f"{_DIGITS[nearest - 1]}成多"
    return f"{_DIGITS[int(tenth)]}成多"


def _takes(share: str) -> str:
    return f"约占{share[1:]}" if share.startswith("约") else f"占{share}"


def _kind_of_places(names: list[str]) -> str:
    return "乡镇" if names and all(name.endswith(("镇", "乡")) for name in names) else "乡镇（街道）"


def _with_or_without(start: str, finding: str) -> list[str]:
    return [f"{start}，{finding}", start] if finding else [start]


def _fit(*candidates: str) -> str:
    """The first candidate that is no longer than LONGEST, else the last one."""
    return next((sentence for sentence in candidates if len(sentence) <= LONGEST), candidates[-1])
