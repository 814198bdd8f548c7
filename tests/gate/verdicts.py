"""Verdicts of runs, made by hand: a clean one, one that warned, and one that is blocked, each with earlier runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dagster_project.gate.verdict import Found, Judgement, RunVerdict
from dagster_project.gate.verdict_page import Setting

COUNTY = Setting("云台县", "zh", "Asia/Shanghai")
FIRST_DAY = datetime(2022, 6, 1, 0, 30, tzinfo=UTC)

REFUSED = Judgement(
    layer="files",
    asset="quality/files",
    name="files_are_taken",
    severity="error",
    count=1,
    findings=(Found(text="缺少合同要求的列：办件编号", file="hall/办件_202206.csv"),),
    about="没有文件被拒收；no export was refused",
    remedy="请来源单位重新导出该文件",
)
VOLUME = Judgement(
    layer="figures",
    asset="figures",
    name="volume_near_the_year_before",
    severity="error",
    count=1,
    judged=24,
    findings=(Found(text="2022年上半年办件量982件，较上年同期-72%，超出±60%", seen=-0.72),),
    least=-0.6,
    most=0.6,
    lowest=-0.72,
    highest=0.18,
    about="办件量与上年同期相近；volume is near that of the year before",
    remedy="核对各来源的导出是否齐全",
)
ORDER = Judgement(
    layer="plausibility",
    asset="fct_certificates",
    name="times_of_a_certificate_are_in_order",
    severity="warning",
    count=43,
    judged=43,
    findings=tuple(
        Found(text=f"certificates_202206.csv 第{n}条：入库早于发证", file="certificates_202206.csv", record=str(n))
        for n in range(1, 21)
    ),
    about="发证、入库、导出依次在后；issued, stored and exported follow each other",
    remedy="请来源单位核对该条的时间",
)
KEYS = Judgement(
    layer="structure",
    asset="dbt/unique_fct_cases_case_key",
    name="unique_fct_cases_case_key",
    severity="error",
    about="办件的办件标识不重复；fct_cases.case_key is unique",
)
PRINTED = Judgement(
    layer="presentation",
    asset="publication",
    name="printed_numbers_are_their_figures",
    severity="error",
    about="通报各格式所印的数字均为其指标的数值；every number that a draft prints is its figure's row",
)


def passing(judgement: Judgement, highest: float | None = None) -> Judgement:
    numbers = {"lowest": -0.2, "highest": highest} if highest is not None else {}
    return judgement.model_copy(update={"count": 0, "findings": (), **numbers})


def clean(day: int) -> RunVerdict:
    run = RunVerdict(run_id=f"run-{day:02}", started_at=FIRST_DAY + timedelta(days=day))
    for judgement in (passing(REFUSED), passing(VOLUME, 0.1 + day % 5 / 20), passing(ORDER), KEYS, PRINTED):
        run.enter(judgement)
    run.end("published")
    return run


def warned(day: int) -> RunVerdict:
    run = clean(day)
    run.enter(ORDER)
    accepted = Found(
        text="2022年5月办件量310件，较上年同期-64%，超出±60%", reason="疫情停办两个月", accepted_by="审批局"
    )
    run.enter(passing(VOLUME, 0.2).model_copy(update={"accepted": (accepted,)}))
    return run


def blocked(day: int) -> RunVerdict:
    run = warned(day)
    run.enter(REFUSED)
    run.enter(VOLUME)
    run.end("blocked", "checks that must pass did not: files_are_taken, volume_near_the_year_before")
    return run


def history(days: int) -> list[RunVerdict]:
    """A run a day; every ninth warned, and the twelfth was blocked."""
    return [blocked(day) if day == 12 else warned(day) if day % 9 == 8 else clean(day) for day in range(days)]
