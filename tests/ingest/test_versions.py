"""Tests that any order of delivery gives the same warehouse: late, repeated, overlapping, superseding, replaced files.

Deliveries are made up at random; `test_ingest` holds single cases with hand counts. It asserts against a warehouse read
in one go, and against a count of versions in plain Python.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.ingest.conftest import case, read_anew, run, state

PATHS = ["hall/202201.csv", "hall/20220203.csv", "hall/20220205.csv", "hall/late/20220203.csv"]
DATES = {"hall/202201.csv": "2022-01-31", "hall/20220205.csv": "2022-02-05"}
ROW = st.tuples(
    st.integers(1, 3),
    st.sampled_from(["在办", "办结", "撤销"]),
    st.sampled_from(["", "2022-01-05 10:00:00", "2022-02-04 10:00:00"]),
)
FILE = st.tuples(st.lists(ROW, max_size=4), st.booleans())
STEP = st.tuples(st.sampled_from(PATHS), FILE, st.booleans())
# the same in every file, so that a bad row or two refuse none; their repetitions are duplicates
FILLERS = [case(100 + n) for n in range(110)]


def put(landing, path: str, file: tuple[list[tuple], bool]) -> None:
    rows, has_bad = file
    lines = [case(n, status=status, updated_at=updated) for n, status, updated in rows]
    bad = [case(50, status="不明"), "只有,两格"] if has_bad else []
    landing.put(path, *lines, *bad, *FILLERS)


def clear(landing) -> None:
    for path in (landing.home / "exports").rglob("*.csv"):
        path.unlink()
    (landing.home / "build" / "warehouse.duckdb").unlink(missing_ok=True)


@settings(
    max_examples=6,
    phases=(Phase.generate,),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEP, min_size=2, max_size=6), order=st.randoms(use_true_random=False))
def test_whatever_the_order_and_the_runs_the_warehouse_is_the_same(landing, steps, order):
    clear(landing)
    for path, file, is_run in steps:
        put(landing, path, file)
        if is_run:
            run(landing)
    run(landing)
    last = {path: file for path, file, _ in steps}
    arrived_so = state(landing)
    assert arrived_so[-1] == []

    assert read_anew(landing) == arrived_so

    clear(landing)
    for path in order.sample(sorted(last), len(last)):
        put(landing, path, last[path])
        if order.random() < 0.5:
            run(landing)
    run(landing)
    assert state(landing) == arrived_so

    assert_newest_stands(landing, last)


def assert_newest_stands(landing, last: dict[str, tuple[list[tuple], bool]]) -> None:
    """The standing version of each case is one of those with the latest update, then the latest export."""
    versions: dict[str, list[tuple]] = {}
    for path, (rows, _) in last.items():
        for number, status, updated in rows:
            versions.setdefault(f"A{number}", []).append((updated, DATES.get(path, "2022-02-03"), status))
    statuses = {"在办": "in_progress", "办结": "finished", "撤销": "withdrawn"}
    standing = dict(
        landing.ask("select case_no, status from raw.cases where _state = 'loaded' and length(case_no) = 2")
    )
    assert standing.keys() == versions.keys()
    for case_no, found in versions.items():
        newest = max(v[:2] for v in found)
        assert standing[case_no] in {statuses[v[2]] for v in found if v[:2] == newest}
    states = Counter(dict(landing.ask("select _state, count(*) from raw.cases group by 1")))
    assert states["loaded"] == len(versions) + len(FILLERS)
    assert states.total() == sum(map(len, versions.values())) + len(last) * len(FILLERS)
    bad = sum(2 for _, has_bad in last.values() if has_bad)
    assert landing.ask("select count(*) from quality.quarantine") == [(bad,)]


def test_rows_without_key_are_counted_once_whatever_file_repeats_them(landing):
    header = "日期,单位,窗口,开始,结束,办件编号,次数"
    once, twice = "2022-01-05,税务窗口,,,,,", "2022-01-06,医保窗口,,,,,2"
    files = {"hall2/a.csv": [once, twice, twice], "hall2/b.csv": [twice, once], "hall2/c.csv": [twice] * 3}
    county = landing.home / "county"
    _with_csv_of_services(county)
    seen = set()
    for arrival in (["hall2/a.csv", "hall2/b.csv", "hall2/c.csv"], ["hall2/c.csv", "hall2/a.csv", "hall2/b.csv"]):
        clear(landing)
        for name in arrival:
            landing.put(name, *files[name], header=header)
            run(landing, county)
        standing = landing.ask(
            "select org_name, count(*), sum(times) from raw.extended_service "
            "where _state = 'loaded' group by 1 order by 1"
        )
        seen.add((*standing, *landing.ask("select path, rows_loaded, rows_duplicate from quality.files order by 1")))
        assert state(landing)[-1] == []
    assert len(seen) == 1
    # no file says that a service was given more than three times
    assert next(iter(seen))[:2] == (("医保窗口", 3, 6), ("税务窗口", 1, 1))


def _with_csv_of_services(county) -> None:
    import shutil

    from tests.ingest.conftest import COUNTY

    shutil.copytree(COUNTY, county)
    mapping = county / "sources" / "hall.yaml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text + '  - dataset: extended_service\n    files: ["hall2/*.csv"]\n', encoding="utf-8")
