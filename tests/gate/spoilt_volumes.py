"""Deliveries with too many or too few rows, sources, organisations and towns, and such as only look wrong.

`VOLUMES` maps a delivery in words to what must happen: the checks that must block, those that must warn, and words of
the office that must stand in a finding. A check that is not named must pass.
"""

from tests.gate.delivery import EVALUATED, HALF, MONTH, ONE, STORED, Delivery, again, update

VOLUMES = {
    # nothing is wrong
    "nothing": Delivery("select 1"),
    "rows delivered twice": Delivery(
        "insert into raw.cases select * replace ('duplicate' as _state, _record + 1000000 as _record) from raw.cases "
        f"where {MONTH}"
    ),
    "a fifth more cases": Delivery(again("cases", f"{MONTH} and hash(case_no) % 5 = 0", 2, "case_no")),
    "a fifth fewer evaluations": Delivery(f"delete from raw.evaluations where {EVALUATED} and hash(case_no) % 5 = 0"),
    "one in a hundred cases of a closed month removed": Delivery(
        "delete from raw.cases where accepted_at between '2022-03-01' and '2022-04-01' and hash(case_no) % 100 = 0"
    ),
    "an evaluation without its case": Delivery(
        again("evaluations", ONE, 2, "evaluation_no")
        + "; update raw.evaluations set case_no = 'NONE' where evaluation_no like '%-1'"
    ),
    "a new organisation with a few cases": Delivery(
        update("cases", "org_name = '数据局'", f"{MONTH} and hash(case_no) % 150 = 0")
    ),
    "a Saturday on duty": Delivery(again("cases", "cast(accepted_at as date) = date '2022-06-11'", 5, "case_no")),
    # volumes
    "a half-year emptied to 28%": Delivery(
        f"delete from raw.cases where {HALF} and hash(case_no) % 100 >= 28",
        blocks=("volume_near_the_year_before", "closed_periods_stand"),
        words="2022年上半年办件量",
    ),
    "cases seven times": Delivery(
        again("cases", MONTH, 8, "case_no"),
        blocks=("no_source_falls_silent_or_floods", "volume_near_the_year_before"),
        warns=("weekly_volume_of_a_source_is_usual",),
        words="为平常的",
    ),
    "cases of a month twice under other numbers": Delivery(
        again("cases", MONTH, 2, "case_no"),
        blocks=("volume_near_the_year_before",),
        warns=("weekly_volume_of_a_source_is_usual",),
        words="较上年同期上升",
    ),
    "a source that falls silent": Delivery(
        f"delete from raw.cases where source_system = 'hall' and {MONTH}",
        blocks=(
            "no_source_falls_silent_or_floods",
            "volume_near_the_year_before",
            "distribution_of_cases_is_not_overturned",
        ),
        warns=("weekly_volume_of_a_source_is_usual", "no_member_vanishes_or_floods", "cases_are_distributed_as_before"),
        words="政务大厅综合窗口系统近28天办件0件",
    ),
    "a week that is missing": Delivery(
        "delete from raw.cases where source_system = 'platform' and accepted_at between '2022-06-13' and '2022-06-20'",
        warns=("weekly_volume_of_a_source_is_usual",),
        words="一网通办平台2022-06-13起的一周",
    ),
    "evaluations five times": Delivery(
        again("evaluations", EVALUATED, 6, "evaluation_no"),
        blocks=("evaluations_neither_stop_nor_flood", "volume_near_the_year_before"),
        warns=("a_case_is_evaluated_as_often_as_before",),
        words="为平常的",
    ),
    "each evaluation twice": Delivery(
        again("evaluations", EVALUATED, 2, "evaluation_no"),
        blocks=("volume_near_the_year_before",),
        warns=("a_case_is_evaluated_as_often_as_before",),
        words="平均每件2.00次",
    ),
    "evaluations that stop": Delivery(
        f"delete from raw.evaluations where {EVALUATED}",
        blocks=("evaluations_neither_stop_nor_flood", "volume_near_the_year_before"),
        words="近28天评价0次",
    ),
    "certificates that stop": Delivery(
        f"delete from raw.certificates where {STORED}",
        blocks=("certificates_neither_stop_nor_flood",),
        words="近28天电子证照入库0个",
    ),
    "certificates eight times": Delivery(
        again("certificates", STORED, 9, "certificate_id"),
        blocks=("certificates_neither_stop_nor_flood",),
    ),
    "a source whose files stopped three months ago": Delivery(
        "update quality.files set covers_until = date '2022-03-31' where dataset = 'certificates' "
        "and covers_until > date '2022-03-31'; delete from delta.published_figures where period > '2022-03'",
        warns=("no_source_is_late",),
        words="电子证照系统的certificates只到2022-03-31",
    ),
    "a tenth more cases in a published quarter": Delivery(
        again("cases", "accepted_at between '2022-01-01' and '2022-04-01' and hash(case_no) % 10 = 0", 2, "case_no"),
        blocks=("closed_periods_stand",),
        words="2022Q1办件量已公布",
    ),
    # members
    "a town five times": Delivery(
        again("cases", f"town_name = '北岭乡' and {MONTH}", 6, "case_no"),
        warns=("no_member_vanishes_or_floods",),
        words="北岭乡民生服务中心近28天办件",
    ),
    "an organisation that vanishes": Delivery(
        f"delete from raw.cases where org_name = '民政局' and {MONTH}",
        warns=("no_member_vanishes_or_floods",),
        words="民政窗口近28天办件0件",
    ),
    "an organisation renamed": Delivery(
        update("cases", "org_name = '民政事务局'", f"org_name = '民政局' and {MONTH}"),
        warns=("no_member_vanishes_or_floods", "new_members_are_few"),
        words="民政事务局近28天首次出现",
    ),
    "unknown organisations": Delivery(
        update("cases", "org_name = '外单位' || hash(case_no) % 3", f"{MONTH} and hash(case_no) % 2 = 0"),
        warns=("new_members_are_few",),
        words="首次出现",
    ),
    "unknown towns": Delivery(
        update("cases", "town_name = '外乡' || hash(case_no) % 3", f"{MONTH} and town_name is not null"),
        warns=("new_members_are_few", "no_member_vanishes_or_floods"),
        words="外乡",
    ),
    "all cases of one town": Delivery(
        update("cases", "town_name = '东河镇', org_name = '东河镇民生服务中心'", f"{MONTH} and town_name is not null"),
        warns=("no_member_vanishes_or_floods",),
        words="西山镇",
    ),
}
