"""A small warehouse, made by hand, that holds the published figures of Lingwu's 2022H1 bulletin.

The fixtures give a connection, the figures read from it, and a maker of variants. Generated exports and dbt are not
used: these tests are about words and documents.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from reports import render
from reports.charts import all_charts as charts
from reports.document import bulletin
from reports.document.model import Document, Table
from reports.figures import load as figures
from reports.figures import provenance
from reports.figures.registry import load

LINGWU = Path(__file__).parents[2] / "jurisdictions" / "lingwu"
TOWNS = {  # town: volume, on the platform, overdue
    "东塔镇": (9400, 3540, 28),
    "郝家桥镇": (8300, 3120, 125),
    "崇兴镇": (7800, 2980, 97),
    "马家滩镇": (2700, 1080, 22),
    "临河镇": (3700, 1530, 9),
    "梧桐树乡": (5500, 2240, 86),
    "白土岗乡": (3400, 1360, 35),
    "街道办": (2400, 1550, 3),
}
LEVELS = {"非常满意": 23810, "满意": 1502, "基本满意": 140, "不满意": 17, "非常不满意": 8}
WINDOWS = {"审批服务窗口": 11, "税务窗口": 4, "人社窗口": 2, "公安窗口": 1, "医保窗口": 1}

_TABLES = """
create schema marts; create schema quality; create schema reference;
create table reference.jurisdiction as select '640181' as code, '灵武市' as name, '全市' as city_word;
create table reference.sources as select 'hall' as source, '综合窗口系统' as name, 2 as precedence;
create table marts.dimension_definitions (list_order integer, dimension varchar, name varchar);
create table marts.dimension_members (dimension varchar, member varchar, list_order integer, label varchar);
create table marts.figure_dimensions (figure varchar, dimension varchar);
create table marts.dim_periods (period varchar, kind varchar, name varchar, starts_on date,
    ends_on date, as_of_on date, data_from_on date, is_complete boolean, previous_period varchar,
    year_ago_period varchar);
create table marts.figure_definitions (figure varchar, name varchar, basis varchar, unit varchar,
    direction varchar, style varchar, decimals integer, numerator_words varchar, denominator_words varchar,
    heading varchar, numerator_heading varchar, denominator_heading varchar, list_order integer);
create table marts.figures (period varchar, figure varchar, dimension varchar, member varchar, as_of_on date,
    is_complete boolean, numerator double, denominator double, value double, unit varchar,
    previous_value double, year_ago_value double);
create table marts.figures_absent (period varchar, figure varchar, dimension varchar, member varchar, reason varchar,
    reason_en varchar);
create table marts.figure_parts (period varchar, figure varchar, dimension varchar, member varchar, value double);
create table quality.files (path varchar, sha256 varchar, source varchar, dataset varchar, exported_on date,
    covers_until date, rows_read bigint, rows_loaded bigint, rows_superseded bigint, rows_duplicate bigint,
    rows_quarantined bigint, verdict varchar, reason varchar, is_synthetic boolean);
insert into marts.dim_periods values ('2022H1', 'half', '2022年上半年', '2022-01-01', '2022-06-30',
    '2022-06-30', null, true, '2021H2', '2021H1'), ('2022-06', 'month', '2022年6月', '2022-06-01', '2022-06-30',
    '2022-06-30', null, true, '2022-05', '2021-06');
insert into quality.files values ('hall/cases_202206.csv', 'ab12cd34ef56ab12cd34ef56', 'hall', 'cases',
    '2022-07-01', '2022-06-30', 1000, 990, 5, 3, 2, 'loaded', null, true);
"""


def _rows() -> list[tuple]:
    """figure, dimension, member, numerator, denominator, previous, year ago"""
    whole, towns = 349_200, 43_200
    rows = [
        ("case_volume", "total", "total", whole, None, 401_000, 465_600),
        ("case_volume", "venue", "hall", 306_000, None, None, None),
        ("case_volume", "venue", "township", towns, None, None, None),
        ("case_volume_share", "venue", "hall", 306_000, whole, None, None),
        ("case_volume_share", "venue", "township", towns, whole, None, None),
        ("item_coverage", "total", "total", 428, 1999, 422 / 1990, None),
        ("items_without_case", "total", "total", 1571, None, None, None),
        ("overdue_open", "total", "total", 405, None, 583, None),
        ("overdue_open_ratio", "total", "total", 405, 17_400, None, None),
        ("on_time_rate", "total", "total", 349_900, 351_100, None, None),
        ("avg_working_days", "total", "total", 159_800, 47_000, None, None),
        ("working_days", "total", "total", 122, None, None, 120),
        ("daily_average", "total", "total", whole, 122, None, 3880),
        ("limit_unknown", "total", "total", 0, None, None, None),
        ("evaluations", "total", "total", 25_477, None, None, None),
        ("evaluations", "mode", "online", 2982, None, None, None),
        ("evaluations", "mode", "offline", 22_495, None, None, None),
        ("evaluation_rate", "total", "total", 24_851, 26_000, None, None),
        ("satisfaction", "total", "total", 25_452, 25_477, None, None),
        ("rectified_rate", "total", "total", 25, 25, None, None),
        ("certificates", "total", "total", 64_000, None, None, 38_400),
        ("certificate_types", "total", "total", 45, None, None, None),
        ("extended_service", "total", "total", sum(WINDOWS.values()), None, None, None),
        ("ledger_coverage", "total", "total", 0, 30, None, None),
    ]
    for key, count in (("via_platform", 17_400), ("fully_online", 40_800), ("mobile", 11_500)):
        rows.append((key, "total", "total", count, None, None, None))
        rows.append((f"{key}_share", "total", "total", count, whole, None, None))
    for town, (volume, platform, overdue) in TOWNS.items():
        rows.append(("case_volume", "town", town, volume, None, None, None))
        rows.append(("overdue_open", "town", town, overdue, None, None, None))
        rows.append(("overdue_open_ratio", "town", town, overdue, platform, None, None))
    rows += [("evaluations", "level", level, count, None, None, None) for level, count in LEVELS.items()]
    rows += [("extended_service", "org", window, times, None, None, None) for window, times in WINDOWS.items()]
    return rows


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory warehouse with the registry of figures and the rows of 2022H1; a test may change it."""
    with duckdb.connect() as made:
        fill(made)
        yield made


def fill(made: duckdb.DuckDBPyConnection) -> None:
    """The tables a bulletin is made from, with the published figures of 2022H1."""
    made.execute(_TABLES)
    for order, town in enumerate(TOWNS):
        made.execute("insert into marts.dimension_members values ('town', ?, ?, ?)", [town, order, town])
    made.execute("insert into marts.dimension_members values ('source', 'hall', null, '综合窗口系统')")
    registry, units = load(), {}
    for place, (key, dimension) in enumerate(registry.dimensions.items()):
        made.execute("insert into marts.dimension_definitions values (?, ?, ?)", [place, key, dimension.name])
        for order, (member, label) in enumerate(dimension.labels.items()):
            made.execute("insert into marts.dimension_members values (?, ?, ?, ?)", [key, member, order, label])
    for order, (key, figure) in enumerate(registry.figures.items()):
        columns = [getattr(figure, name) for name in ("name", "basis", "unit", "direction", "style", "decimals")]
        parts = (figure.numerator, figure.denominator)
        words = [part and part.words for part in parts]
        headings = [figure.heading, *(part and (part.heading or part.words) for part in parts)]
        units[key] = figure.unit
        for dimension in figure.dimensions:
            made.execute("insert into marts.figure_dimensions values (?, ?)", [key, dimension])
        values = [key, *columns, *words, *headings, order]
        made.execute(f"insert into marts.figure_definitions values ({', '.join('?' * len(values))})", values)
    for figure, dimension, member, top, under, previous, year_ago in _rows():
        made.execute(
            "insert into marts.figures values ('2022H1', ?, ?, ?, ?, true, ?, ?, ?, ?, ?, ?)",
            [
                figure,
                dimension,
                member,
                date(2022, 6, 30),
                top,
                under,
                top / (under or 1),
                units[figure],
                previous,
                year_ago,
            ],
        )


@pytest.fixture
def read(connection: duckdb.DuckDBPyConnection) -> figures.Figures:
    """The figures of 2022H1 as the mart has them."""
    return figures.load(connection, "2022H1", "灵武市审批服务管理局")


@pytest.fixture(scope="session")
def filled() -> Iterator[duckdb.DuckDBPyConnection]:
    """The same warehouse for tests that only read, with an input list longer than a page."""
    with duckdb.connect() as made:
        fill(made)
        made.execute(
            "insert into quality.files"
            " select f.* replace (path || '/' || n as path) from quality.files f, range(70) t(n)"
        )
        yield made


@pytest.fixture(scope="session")
def rendered(filled, tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("rendered") / "2022H1"
    render.render(filled, "2022H1", LINGWU, target, "1.0")
    return target


@pytest.fixture
def draft(rendered: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(rendered, tmp_path / "2022H1"))


@pytest.fixture(scope="session")
def document(filled: duckdb.DuckDBPyConnection) -> Document:
    """The whole bulletin of 2022H1 with its charts."""
    read = figures.load(filled, "2022H1", "灵武市审批服务管理局")
    origin = provenance.load(filled, read.starts_on)
    wide, narrow = charts.draw(read, 640), charts.draw(read, 352)
    county = LINGWU
    text = bulletin.fill_text(read, county, charts.KEYS)
    return _noted(bulletin.compose(read, origin, wide, narrow, county, text))


def _noted(document: Document) -> Document:
    """The document with a note under the first table of its last annex, as a ranking with ties has one."""
    annex = document.blocks[-1]
    place = next(place for place, block in enumerate(annex.blocks) if isinstance(block, Table))
    table = replace(annex.blocks[place], note="另有同数的单位未全部列出。")
    blocks = (*annex.blocks[:place], table, *annex.blocks[place + 1 :])
    return replace(document, blocks=(*document.blocks[:-1], replace(annex, blocks=blocks)))
