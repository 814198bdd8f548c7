"""Counties made of the miniature by seed, each different in rows, names and the dialect of its exports.

`make_county` writes the exports and the configuration of one; `make_whole` those of a jurisdiction that has all rows of
all of them, with each system of each county as a source of its own. So the figures of the whole are what a province
must arrive at. The miniature has no such county; its expectations are of no use here. `Homes` builds them.
"""

from __future__ import annotations

import csv
import random
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import yaml

from dagster_project.members.collect import collect
from dagster_project.own_figures.load import load_own_figures
from dagster_project.settings import PROJECT
from tests.end_to_end.miniature_home import MINIATURE, Miniature
from tests.shared_dbt import shared_dbt

EXAMPLE = PROJECT / "jurisdictions" / "example-province"
_NUMBERS = ("办件编号", "评价编号", "证照标识")
_DROPPED = 0.3  # of the cases
# The way that a county writes its exports of cases: its headers, and what a mapping says of them.
_DIALECTS = (
    ({}, {}),
    ({"办件编号": "流水号", "受理时间": "收件时刻", "办件状态": "当前环节"}, {"encoding": "gb18030", "delimiter": ";"}),
    ({"办件编号": "业务号", "受理部门": "经办单位"}, {"format": "xlsx", "sheet": "明细"}),
)
_COLUMNS = {"办件编号": "case_no", "受理时间": "accepted_at", "办件状态": "status", "受理部门": "org_name"}


@dataclass(frozen=True)
class MadeCounty:
    """One of them: `number` from 1 decides its rows, its names and its dialect."""

    number: int

    @property
    def name(self) -> str:
        return f"子县{'甲乙丙丁戊己庚辛壬癸子丑'[self.number - 1]}"

    @property
    def code(self) -> str:
        return f"9900{self.number:02d}"

    @property
    def dialect(self) -> tuple[dict[str, str], dict[str, str]]:
        return _DIALECTS[self.number % len(_DIALECTS)]

    def rename(self, text: str) -> str:
        """Names of the miniature as this county's own."""
        text = text.replace("样例县", self.name).replace("990001", self.code)
        text = re.sub("(审批|人社|交警)窗口", rf"\g<1>{self.number}窗口", text)
        return text.replace("东河镇", f"东河{self.number}镇").replace("西河乡", f"西河{self.number}乡")


COUNTIES = [MadeCounty(number) for number in (1, 2, 3)]


@dataclass(frozen=True)
class Homes:
    """The homes below `path`: one a county by its code, `province` and `whole`, each with its folder `county`."""

    path: Path

    def home(self, name: str) -> Miniature:
        return Miniature(self.path / name / "home", is_empty=True, county=self.path / name / "county")

    def ask(self, name: str, query: str) -> list[tuple]:
        return self.home(name).ask(query)

    def build(self, name: str) -> None:
        """Take the exports in and build the models, without their tests."""
        home = self.home(name)
        home.take()
        outcome = shared_dbt().run(
            "run",
            "--full-refresh",
            target=home.path / "target",
            home=home.path,
            variables=load_own_figures(home.county),
        )
        assert outcome.success, [(r.name, r.message) for r in outcome.results if r.status == "error"]

    def collect(self, key: bytes | None = None) -> dict[str, str]:
        states = collect(self.path / "province" / "county", self.path / "province" / "home" / "exports", key)
        return {state.county_name: state.state for state in states}


def make_county(county: MadeCounty, folder: Path, exports: Path) -> None:
    """Write the county's configuration to `folder` and its exports to `exports`."""
    shutil.copytree(MINIATURE / "county", folder)
    (folder / "figures.yaml").unlink()
    for path in folder.glob("*.*"):
        path.write_text(county.rename(path.read_text("utf-8")), encoding="utf-8")
    for path in (folder / "sources").iterdir():
        mapping = yaml.safe_load(path.read_text("utf-8"))
        _adapt(mapping, county)
        path.write_text(yaml.safe_dump(mapping, allow_unicode=True), encoding="utf-8")
    _write_exports(county, exports)


def make_whole(counties: list[MadeCounty], folder: Path, exports: Path) -> None:
    """Write a jurisdiction that has every row of the counties; the list of items is the first county's."""
    shutil.copytree(MINIATURE / "county", folder)
    (folder / "figures.yaml").unlink()
    for name in ("organisations.csv", "regions.csv"):
        head, *lines = (MINIATURE / "county" / name).read_text("utf-8").splitlines()
        rows = [county.rename(line) for county in counties for line in lines]
        (folder / name).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    mappings = [yaml.safe_load(path.read_text("utf-8")) for path in sorted((folder / "sources").iterdir())]
    shutil.rmtree(folder / "sources")
    (folder / "sources").mkdir()
    for county in counties:
        _write_exports(county, exports / county.code)
        if county is not counties[0]:
            (exports / county.code / "platform_items_20220630.csv").unlink()
        for mapping in mappings:
            own = yaml.safe_load(yaml.safe_dump(mapping, allow_unicode=True))
            own["source"] += f"_{county.number}"
            if "precedence" in own:
                own["precedence"] += 10 * county.number
            for export in own["exports"]:
                codes = export.get("codes", {}).get("case_source", {})
                codes.update({label: f"{source}_{county.number}" for label, source in codes.items()})
            _adapt(own, county, f"{county.code}/")
            path = folder / "sources" / f"{own['source']}.yaml"
            path.write_text(yaml.safe_dump(own, allow_unicode=True), encoding="utf-8")


def _adapt(mapping: dict, county: MadeCounty, below: str = "") -> None:
    """Write the county's dialect into a mapping of the miniature, and the folder `below` that its files lie in."""
    headers, form = county.dialect
    for export in mapping["exports"]:
        if export["dataset"] == "cases":
            export |= form
            export["columns"] = {_COLUMNS[plain]: [own] for plain, own in headers.items()}
            if form.get("format") == "xlsx":
                export["files"] = [name.replace(".csv", ".xlsx") for name in export["files"]]
        export["files"] = [below + name for name in export["files"]]


def _write_exports(county: MadeCounty, exports: Path) -> None:
    exports.mkdir(parents=True, exist_ok=True)
    chance = random.Random(county.number)
    headers, form = county.dialect
    for path in sorted((MINIATURE / "exports").iterdir()):
        if path.name.startswith("indicators_"):
            continue  # what a region feeds back is not counted
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frame = frame.map(county.rename)
        for column in _NUMBERS:
            if column in frame:
                frame[column] = f"{county.number}X" + frame[column]
        if "_cases_" not in path.name:
            frame.to_csv(exports / path.name, index=False)
            continue
        kept = [place for place in range(len(frame)) if chance.random() > _DROPPED]
        frame = frame.iloc[kept].rename(columns=headers)
        if form.get("format") == "xlsx":
            frame.to_excel(exports / path.with_suffix(".xlsx").name, sheet_name="明细", index=False)
        else:
            frame.to_csv(
                exports / path.name,
                index=False,
                sep=form.get("delimiter", ","),
                quoting=csv.QUOTE_MINIMAL,
                encoding=form.get("encoding", "utf-8"),
            )


def make_province(path: Path) -> None:
    """Build and publish the counties below `path`, the whole of their rows, and the province that collects them."""
    homes = Homes(path)
    for county in COUNTIES:
        make_county(county, path / county.code / "county", path / county.code / "home" / "exports")
        homes.build(county.code)
        homes.home(county.code).publish()
    make_whole(COUNTIES, path / "whole" / "county", path / "whole" / "home" / "exports")
    homes.build("whole")
    shutil.copytree(EXAMPLE, path / "province" / "county")
    about = path / "province" / "county" / "jurisdiction.yaml"
    content = yaml.safe_load(about.read_text("utf-8"))
    content["members"] = [
        {"home": f"../../{county.code}/home", "jurisdiction": f"../../{county.code}/county"} for county in COUNTIES
    ]
    about.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert homes.collect() == {"子县甲": "published", "子县乙": "published", "子县丙": "published"}
    homes.build("province")
