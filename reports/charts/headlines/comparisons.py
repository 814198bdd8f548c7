"""Words the one sentence above each chart of parts or places, by rules that hold for any data.

Takes the words of a language and plain values (names, counts, shares of 1), and returns a sentence no longer than the
language's `headline.longest`. Where a full sentence is longer, it leaves a part out. A headline claims only what the
numbers beside it show: where two numbers print alike, neither is called the highest. Charts along time have their
sentences in over_months.py.
"""

from reports.words.catalogue import Words
from reports.words.wording import percent

_ROUNDING_ERROR = 1e-9


def composition(words: Words, hall: float | None, township: float | None, fully_online: float | None) -> str:
    """Where the cases were handled and how many of them wholly online; the arguments are shares of the volume."""
    parts = []
    if hall is not None and township is not None:
        most, place = (hall, "hall") if hall >= township else (township, "township")
        is_even = abs(hall - township) < _ROUNDING_ERROR
        share, is_about = _in_tenths(words, most)
        share = words("tenths.about", tenths=share) if is_about else share
        parts.append(words("headline.composition.even" if is_even else f"headline.composition.{place}", share=share))
    if fully_online is not None:
        if not fully_online:
            parts.append(words("headline.composition.none_online"))
        elif abs(fully_online - 1) < _ROUNDING_ERROR:
            parts.append(words("headline.composition.all_online"))
        else:
            share, is_about = _in_tenths(words, fully_online)
            kind = "about_online" if is_about else "online"
            parts.append(words(f"headline.composition.{kind}", share=share))
    return words("list.clause").join(parts) or words("headline.composition.title")


def town_share(words: Words, towns: list[tuple[str, float]], total: float | None) -> str:
    """How much of the townships' volume the busiest have; `towns` are (name, volume), the largest first."""
    places = _kind_of_places(words, [name for name, _ in towns])
    busy = [(name, volume) for name, volume in towns if volume]
    if not busy or not total:
        return words("headline.towns.none", places=places)
    name, volume = busy[0]
    if len(busy) == 1 and volume >= total:
        in_one, unnamed = "headline.towns.all_in", "headline.towns.all_in_one"
        return words.fit(words(in_one, places=places, name=name), words(unnamed, places=places))
    if len(towns) < 5 or len(busy) == 1:
        ties = [tied for tied, other in busy if other == volume]
        share = percent(volume / total, 1)
        if len(ties) > 1:
            return words.fit(
                words("headline.towns.tied", names=words.listing(ties), share=share),
                words("headline.towns.tied_unnamed", n=len(ties), places=places, share=share),
            )
        kinds = ("most", "most_short", "most_unnamed")
        return words.fit(*(words(f"headline.towns.{kind}", name=name, places=places, share=share) for kind in kinds))
    top = busy[:3]
    share = percent(min(sum(volume for _, volume in top) / total, 1), 0)
    listed = _list_places(words, [name for name, _ in top])
    return words.fit(
        words("headline.towns.top", names=listed, places=places, share=share),
        words("headline.towns.top_unnamed", n=len(top), places=places, share=share),
    )


def town_overdue(
    words: Words,
    towns: list[tuple[str, float | None, float]],
    whole: float | None,
    city_word: str,
    decimals: int = 2,
) -> str:
    """Which townships' overdue ratio is above the whole's; `towns` are (name, ratio, cases), the highest first."""
    rated = [(name, ratio) for name, ratio, _ in towns if ratio is not None]
    places = _kind_of_places(words, [name for name, _, _ in towns])
    if not rated or not rated[0][1]:
        # in a township where no case came in, cases may be overdue without having a ratio
        overdue = sum(cases for _, _, cases in towns)
        if overdue:
            return words("headline.overdue.unrated", count=words.exact(overdue), places=places)
        return words("headline.overdue.none" if rated else "headline.overdue.no_volume", places=places)
    name, highest = rated[0]
    ties = [tied for tied, ratio in rated if abs(ratio - highest) < _ROUNDING_ERROR]
    printed = percent(highest, decimals)
    if len(rated) == 1:
        only, unnamed = "headline.overdue.only", "headline.overdue.only_unnamed"
        return words.fit(words(only, name=name, share=printed), words(unnamed, share=printed))
    top = ""
    if 1 < len(ties) < 4:
        top = words("headline.overdue.tied", names=words.listing(ties))
    elif len(ties) == 1:
        top = words("headline.overdue.highest", name=name)
    if sum(percent(ratio, decimals) == printed for _, ratio in rated) > len(ties):
        top = ""  # another ratio prints alike, so none is called the highest
    if whole is None:
        general = words("headline.overdue.general", share=printed)
        return words.fit(words("headline.overdue.top", top=top, share=printed), general) if top else general
    above = [town for town, ratio in rated if ratio > whole + _ROUNDING_ERROR]
    if not above:
        kind = "none_above" if len(rated) == len(towns) else "none_rated_above"
        return words(f"headline.overdue.{kind}", places=places, city=city_word)
    if len(above) == 1:
        kinds = ("one_above", "one_above_unnamed")
        return words.fit(
            *(words(f"headline.overdue.{k}", name=name, places=places, city=city_word, share=printed) for k in kinds),
        )
    start = words("headline.overdue.above", n=len(above), places=_kind_of_places(words, above), city=city_word)
    return words.fit(*with_or_without(words, start, top or words("headline.overdue.highest_is", share=printed)))


def evaluation_levels(words: Words, total: float, counted: float, bad: float) -> str:
    """How many valid evaluations there are and how many of them bad; `counted` of the total have a known level."""
    kind = "total" if not counted else "bad" if bad else "none_bad"
    count, share = words.wan(total), percent(bad / total, 2)
    return words(f"headline.evaluations.{kind}", count=count, bad=words.wan(bad), share=share)


def organisations(words: Words, organisations: list[tuple[str, float]], total: float) -> str:
    """How much of the volume the busiest have; `organisations` are (name, volume), the largest first."""
    busy = [(name, volume) for name, volume in organisations if volume]
    if not busy or not total:
        return words("headline.organisations.none")

    def say(kind: str, names: list[str], share: str) -> str:
        return words(f"headline.organisations.{kind}", names=words.listing(names), n=len(names), share=share)

    if len(busy) < 4:
        ties = [tied for tied, other in busy if other == busy[0][1]]
        share = percent(busy[0][1] / total, 1)
        kind = "tied" if len(ties) > 1 else "most"
        return words.fit(say(kind, ties, share), say(f"{kind}_unnamed", ties, share))
    share = percent(min(sum(volume for _, volume in busy[:3]) / total, 1), 0)
    top = [name for name, _ in busy[:3]]
    # where the fourth has as many as the third, naming three would be an arbitrary choice
    is_arbitrary = busy[3][1] == busy[2][1]
    general = say("top_unnamed", top, share)
    return general if is_arbitrary else words.fit(say("top", top, share), general)


def county(words: Words, ranks: list[tuple[str, int]], places: int) -> str:
    """The best and the worst place among `ranks` (indicator, place), out of `places` counties."""
    best, worst = min(place for _, place in ranks), max(place for _, place in ranks)

    def named(place: int) -> str:
        names = [name for name, other in ranks if other == place]
        return names[0] if len(names) == 1 else words("headline.county.indicators", n=len(names))

    if best == worst:
        kind = "one" if len(ranks) == 1 else "all"
        return words(f"headline.county.{kind}", name=ranks[0][0], n=len(ranks), place=best)
    kind = "last" if worst == places else "place"
    last = words(f"headline.county.{kind}", place=worst)
    first = words("headline.county.place", place=best)
    return words.fit(
        words("headline.county.range", best=named(best), first=first, worst=named(worst), last=last),
        words("headline.county.unnamed", best=best, worst=worst),
    )


def _in_tenths(words: Words, share: float) -> tuple[str, bool]:
    """A share in words (近九成) and whether it is only about that; in % where a language has no tenths."""
    digits = words.list("tenths.digits")
    if not digits:
        return percent(share, 1), False
    tenth, nearest = share * 10, round(share * 10)
    if abs(share - 1) < _ROUNDING_ERROR:
        return words("tenths.all"), False
    if share < 0.099 or share > 0.95:
        return percent(share, 1), False
    spoken = words("tenths.half") if nearest == 5 else words("tenths.some", digit=digits[nearest])
    if abs(tenth - nearest) <= 0.1:
        return spoken, abs(tenth - nearest) >= _ROUNDING_ERROR
    if nearest > tenth and nearest - tenth <= 0.3:
        return words("tenths.nearly", tenths=spoken), False
    return words("tenths.more", digit=digits[int(tenth)]), False


def _kind_of_places(words: Words, names: list[str]) -> str:
    endings = words.list("places.endings")
    is_usual = bool(names) and all(name.endswith(endings) for name in names)
    return words("places.usual" if is_usual else "places.any")


def _list_places(words: Words, names: list[str]) -> str:
    """The names, with an ending that all of them share written once: 东塔、崇兴两镇."""
    for ending in words.list("places.endings"):
        if all(name.endswith(ending) and len(name) > len(ending) + 1 for name in names):
            shortened = [name.removesuffix(ending) for name in names]
            return words.listing(shortened) + words.list("places.counted")[len(names)] + ending
    return words.listing(names)


def with_or_without(words: Words, start: str, finding: str) -> list[str]:
    """A sentence with its finding, and without it in case that is too long."""
    return [words("headline.found", start=start, finding=finding), start] if finding else [start]
