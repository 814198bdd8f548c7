"""The miniature with windows and applicants, published, for what analysts do with it; tests only read it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from tests.end_to_end.miniature_home import MINIATURE, Miniature

A, B = "640181199001011234", "640181198505055678"
# case → window, applicant
HALL = {
    "1001": ("1号", A),
    "1002": ("1号", A),
    "1003": ("2号", A),
    "1004": ("2号", A),
    "1005": ("1号", A),
    "1006": ("3号", B),
    "Y01": ("9号", B),
    "Y02": ("1号", B),
    "Y03": ("9号", B),
}


@pytest.fixture(scope="session")
def analysts(made_once) -> Path:
    """A home in which the miniature is published, its hall's export with a window and an applicant in each row."""

    def fill(home: Path) -> None:
        county = shutil.copytree(MINIATURE / "county", home / "county")
        mapping = county / "sources" / "hall.yaml"
        mapping.write_text(mapping.read_text("utf-8").replace("[window_name, ", "["), "utf-8")
        delivered = Miniature(home, county=county)
        path = home / "exports" / "hall_cases_202206.csv"
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        with path.open("w", encoding="utf-8", newline="") as file:
            written = csv.writer(file)
            written.writerow([*header, "受理窗口", "申请人证件号码"])
            written.writerows([*row, *HALL[row[0]]] for row in rows)
        delivered.take()
        delivered.model()
        delivered.publish()

    return made_once("analysts", fill)
