"""Two made-up counties that export little: one only cases of a counter, one only evaluations of a hotline.

`write_county` writes a county's folder and its one export of the first half of 2022, whose lines can be counted by
hand. Neither names a time limit, an online channel, a platform, a certificate or a ledger.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

LINGWU = Path(__file__).parents[2] / "jurisdictions" / "lingwu"

_SETTINGS = """\
name: {name}
code: "{code}"
city_word: 全县
bureau: {name}审批服务管理局
pause_kinds: {{}}
bulletin:
  default_kind: half
  blocks: [daily_average, calendar, organisations, rankings, county, evaluation_levels, revisions]
"""
_REGIONS = """\
region_code,region_name,printed_name,parent_code,is_listed,list_order
{code},{name},{name},,false,0
{code}100,河东镇,河东镇,{code},true,1
"""
_CASES = """\
source: counter
name: 柜台登记簿
precedence: 1
case_no_scope: own
exports:
  - dataset: cases
    files: ["counter_*.csv"]
    encoding: utf-8
    date_in_path: '_(\\d{4})(\\d{2})(\\d{2})?\\.'
    covers: half
    absent: [item_code, case_type, channel, is_fully_online, window_name, venue, region_code, town_name, village_name,
      applicant_type, applied_at, due_at, finished_at, closed_at, promised_limit, promised_unit, legal_limit,
      legal_unit, result, updated_at, applicant_name, applicant_key, phone]
    constants: {channel: counter, venue: hall}
"""
_EVALUATIONS = """\
source: hotline
name: 热线回访系统
precedence: 1
case_no_scope: own
exports:
  - dataset: evaluations
    files: ["calls_*.csv"]
    encoding: utf-8
    date_in_path: '_(\\d{4})(\\d{2})(\\d{2})?\\.'
    covers: half
    absent: [case_source, channel, round, is_default, is_valid, org_name, window_name, town_name, rectify_due_at,
      rectified_at, revisited_at, updated_at, evaluator_name, evaluator_phone, staff_name, comment]
    constants: {channel: 电话, case_source: hotline}
"""


@dataclass(frozen=True)
class ThinCounty:
    """A county's name and code, its one mapping, and its one export."""

    name: str
    code: str
    mapping: str
    export: str
    lines: tuple[str, ...]


def _days(count: int) -> list[date]:
    return [date(2022, 1, 4) + timedelta(days=n * 5) for n in range(count)]


# 33 cases, of which 22 are finished on days that nobody wrote down
CASES = ThinCounty(
    "东河县",
    "990201",
    _CASES,
    "counter_202206.csv",
    (
        "办件编号,事项名称,受理部门,受理时间,办件状态",
        *(
            f"A{n:03d},{('养老认证', '户口迁移')[n % 2]},{('县公安局', '县人社局', '县税务局')[n % 3]},{day},"
            f"{'办结' if n % 3 else '在办'}"
            for n, day in enumerate(_days(33))
        ),
    ),
)
# 25 evaluations: 20 very satisfied, 5 not satisfied
EVALUATIONS = ThinCounty(
    "西岭县",
    "990301",
    _EVALUATIONS,
    "calls_202206.csv",
    (
        "评价编号,办件编号,满意度,评价时间",
        *(f"P{n:03d},R{n:03d},{'非常满意' if n % 5 else '不满意'},{day}" for n, day in enumerate(_days(25))),
    ),
)


def write_county(county: ThinCounty, folder: Path, exports: Path) -> None:
    """Write the jurisdiction to `folder`, with the text of Lingwu's bulletin, and the export below `exports`."""
    parts = {
        "jurisdiction.yaml": _SETTINGS,
        "regions.csv": _REGIONS,
        "organisations.csv": "org_name,printed_name,venue,town_name,keeps_ledger\n县档案馆,档案窗口,hall,,true\n",
        "holidays.csv": "date,name,kind,source\n",
    }
    for name, text in parts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(name=county.name, code=county.code), encoding="utf-8")
    mapping = folder / "sources" / f"{county.mapping.split()[1]}.yaml"
    mapping.parent.mkdir()
    mapping.write_text(county.mapping, encoding="utf-8")
    (folder / "bulletin").mkdir()
    shutil.copy(LINGWU / "bulletin" / "template.md", folder / "bulletin")
    exports.mkdir(parents=True, exist_ok=True)
    (exports / county.export).write_text("\n".join(county.lines) + "\n", encoding="utf-8")
