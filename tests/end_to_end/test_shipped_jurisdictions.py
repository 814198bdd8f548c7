"""Runs the two invented jurisdictions that ship beside Lingwu, from their exports to a bulletin.

A county with a hotline and no platform, and a city abroad: in English, with its own zone, weekend and holidays, and
moments at which requests are due. Figures are compared with counts that pandas makes of the same CSV files, and what is
on time with the verdict that the city's system exports and no mapping reads.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pandas as pd
import pypdf
import pytest

ROOT = Path(__file__).parents[2]
PERIOD = "2024H1"
_CHINESE = re.compile("[\u3001-\u303f\u4e00-\u9fff\uff00-\uffef]")


class Run:
    """The home of one shipped jurisdiction after its one run."""

    def __init__(self, path: Path, jurisdiction: str) -> None:
        self.path = path
        self.tongbao("sample", TONGBAO_JURISDICTION=jurisdiction)
        self.said = self.tongbao("run")
        self.bulletin = path / "bulletins" / PERIOD

    def tongbao(self, *arguments: str, **environment: str) -> str:
        kept = {key: value for key, value in os.environ.items() if key != "TONGBAO_JURISDICTION"}
        done = subprocess.run(
            [sys.executable, "-m", "dagster_project.cli.main", *arguments],
            capture_output=True,
            text=True,
            env=kept | {"TONGBAO_HOME": str(self.path), "PYTHONUTF8": "1"} | environment,
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
        return done.stdout + done.stderr

    def ask(self, query: str) -> pd.DataFrame:
        with duckdb.connect(str(self.path / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(query).df()

    def figure(self, figure: str, dimension: str = "total", column: str = "value") -> dict[str, float]:
        rows = self.ask(
            f"select member, {column} as amount from marts.figures where period = '{PERIOD}' "
            f"and figure = '{figure}' and dimension = '{dimension}'"
        )
        return dict(zip(rows["member"], rows["amount"], strict=True))


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(tmp_path_factory.mktemp("city"), "example-city")


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(tmp_path_factory.mktemp("hotline"), "hotline-county")


def read_requests() -> pd.DataFrame:
    folder = ROOT / "jurisdictions" / "example-city" / "exports" / "requests"
    rows = pd.concat(pd.read_csv(path) for path in sorted(folder.glob("*.csv")))
    for column in ("opened", "due", "closed"):
        rows[column] = pd.to_datetime(rows[column], format="%m/%d/%Y %I:%M:%S %p")
    return rows


def read_tickets(kind: str) -> pd.DataFrame:
    folder = ROOT / "jurisdictions" / "hotline-county" / "exports" / "hotline"
    return pd.concat(pd.read_csv(path, encoding="gb18030") for path in sorted(folder.glob(f"{kind}_*.csv")))


def within(moments: pd.Series, year: int) -> pd.Series:
    return (moments >= f"{year}-01-01") & (moments < f"{year}-07-01")


def test_the_city_counts_its_requests(city):
    requests = read_requests()
    received = requests[within(requests["opened"], 2024)]
    assert city.figure("case_volume") == {"total": len(received)}
    assert city.figure("case_volume", column="year_ago_value") == {"total": within(requests["opened"], 2023).sum()}
    assert city.figure("case_volume", "town") == received["neighbourhood"].value_counts().to_dict()
    assert city.figure("case_volume", "org") == received["department"].value_counts().to_dict()
    channels = received["channel"].map({"Phone": "phone", "App": "mobile", "Web": "web", "Counter": "counter"})
    counted = {member: count for member, count in city.figure("case_volume", "channel").items() if count}
    assert counted == channels.value_counts().to_dict()
    closed = requests[within(requests["closed"], 2024)]
    assert city.figure("case_finished") == {"total": len(closed)}


def test_the_city_agrees_with_the_verdict_of_its_system(city):
    requests = read_requests().set_index("case_id")
    facts = city.ask("select case_no, is_on_time from marts.fct_cases where finished_on is not null").set_index(
        "case_no"
    )
    closed = requests[requests["closed"].notna()]
    assert len(facts) == len(closed) > 500
    assert (facts["is_on_time"].reindex(closed.index) == (closed["on_time"] == "ONTIME")).all()
    # a request that was closed on its due day, but after its due moment, tells a moment from a day
    same_day = closed[closed["closed"].dt.date == closed["due"].dt.date]
    assert {*same_day["on_time"]} == {"ONTIME", "OVERDUE"}
    of_period = closed[within(closed["closed"], 2024)]
    on_time = (of_period["on_time"] == "ONTIME").sum()
    assert city.figure("on_time_rate", column="numerator") == {"total": on_time}
    assert city.figure("on_time_rate", column="denominator") == {"total": len(of_period)}
    still_open = requests[requests["closed"].isna() & (requests["on_time"] == "OVERDUE")]
    assert len(still_open) > 0
    assert city.figure("overdue_open") == {"total": len(still_open)}


def test_the_city_has_its_own_working_days(city):
    days = city.ask("select date_on, is_working_day from marts.dim_date where year(date_on) = 2024").set_index(
        "date_on"
    )
    working = days["is_working_day"]
    assert (
        not working["2024-06-07"] and working["2024-06-08"]
    )  # a Friday; a Saturday that holidays.csv makes a working day
    assert not working["2024-06-15"] and working["2024-06-16"]  # Saturday and Sunday
    assert not working["2024-05-01"]


def spoken(part: bytes) -> str:
    """The text and the descriptions of an XML part of an office file."""
    root = ElementTree.fromstring(part)
    texts = [element.text or "" for element in root.iter()]
    named = ("descr", "title", "name", "val")
    texts += [value for element in root.iter() for key, value in element.attrib.items() if key.split("}")[-1] in named]
    return "\n".join(texts)


def list_printed(run: Run) -> dict[str, str]:
    """Everything that the city's files print, by the name of the file or of the part in it."""
    printed = {
        path.name: path.read_text("utf-8-sig")
        for path in run.bulletin.rglob("*")
        if path.suffix in (".html", ".svg", ".csv")
    }
    printed["list of bulletins"] = (run.path / "bulletins" / "index.html").read_text("utf-8")
    printed["explorer"] = (run.path / "bulletins" / "explore.html").read_text("utf-8")
    pages = pypdf.PdfReader(run.bulletin / "bulletin.pdf").pages
    printed["bulletin.pdf"] = "\n".join(page.extract_text() for page in pages)
    books = [run.bulletin / "bulletin.docx", run.bulletin / "bulletin.xlsx", *(run.path / "worklists").rglob("*.xlsx")]
    for path in books:
        with zipfile.ZipFile(path) as parts:
            for name in parts.namelist():
                # themes and tables of fonts name fonts of all scripts
                if name.endswith(".xml") and "theme" not in name and "fontTable" not in name:
                    printed[f"{path.name}/{name}"] = spoken(parts.read(name))
    printed |= {path.name: path.read_text("utf-8-sig") for path in (run.path / "worklists").rglob("*.csv")}
    return printed


def test_nothing_that_the_city_prints_is_chinese(city):
    printed = list_printed(city)
    assert {"bulletin.html", "bulletin.pdf", "figures.csv", "monthly_volume.svg"} <= {*printed}
    found = {name: _CHINESE.findall(text) for name, text in printed.items()}
    assert {name: signs for name, signs in found.items() if signs} == {}
    assert '<html lang="en">' in printed["bulletin.html"] and '<html lang="en">' in printed["list of bulletins"]
    assert "H1 2024 service requests in Sampleton" in printed["bulletin.html"]
    assert "in the first half of 2024. Sampleton" in printed["bulletin.pdf"].replace("\n", " ")
    assert pypdf.PdfReader(city.bulletin / "bulletin.pdf").trailer["/Root"]["/Lang"] == "en"
    styles = printed["bulletin.docx/word/styles.xml"]
    assert (
        "en-GB" in zipfile.ZipFile(city.bulletin / "bulletin.docx").read("word/styles.xml").decode()
        and "Arial" not in styles
    )


def test_the_county_counts_its_tickets(county):
    tickets, visits = read_tickets("工单"), read_tickets("回访")
    received = tickets["来电时间"].between("2024-01-01", "2024-07-01")
    assert county.figure("case_volume") == {"total": received.sum()} == {"total": len(tickets)}
    towns = tickets["所属乡镇"].fillna("未注明").value_counts().to_dict()
    assert county.figure("case_volume", "town") == towns
    assert county.figure("case_finished") == {"total": tickets["办结时间"].notna().sum()}
    assert county.figure("evaluations") == {"total": len(visits)}
    good = visits["满意度"].isin(["非常满意", "满意", "基本满意"]).sum()
    assert county.figure("satisfaction", column="numerator") == {"total": good}
    assert county.figure("evaluation_rate", column="numerator") == {"total": visits["工单编号"].nunique()}
    assert list(county.path.glob("bulletins/2*")) == [county.bulletin]  # no other period is due


def test_the_county_prints_nothing_that_it_does_not_know(county):
    for figure in ("certificates", "ledger_coverage", "item_coverage", "via_platform", "fully_online"):
        assert county.figure(figure) == {}
    page = (county.bulletin / "bulletin.html").read_text("utf-8")
    text = re.sub(r"<details class=\"annex\".*|<[^>]*>", "", page, flags=re.DOTALL)
    assert "全县12345热线共受理工单" in text
    for word in ("一网通办", "电子证照", "台账", "大厅"):
        assert word not in text
    assert "工单量" in text and "回访满意度" in text  # names of its own
    explorer = (county.path / "bulletins" / "explore.html").read_text("utf-8")
    assert '"name":"工单量"' in explorer and '"name":"办件量"' not in explorer


@pytest.mark.parametrize("name", ["city", "county"])
def test_verify_finds_nothing(name, request):
    run = request.getfixturevalue(name)
    rows = run.ask(f"select count(*) as n from marts.figures where period = '{PERIOD}'")["n"][0]
    assert rows > 30
    assert f"{PERIOD}: {rows} figures counted again, 0 differ" in run.tongbao("verify", PERIOD)
