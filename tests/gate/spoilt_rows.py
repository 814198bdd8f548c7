"""Deliveries with wrong times, codes, limits, blanks and figures.

`ROWS` maps a delivery in words to what must happen, as in spoilt_volumes.py.
"""

from tests.gate.delivery import EVALUATED, HALF, MONTH, ONE, STORED, Delivery, again, update

ROWS = {
    # times
    "all cases finished before they were accepted": Delivery(
        update("cases", "finished_at = accepted_at - interval 1 day", f"finished_at is not null and {HALF}"),
        blocks=("few_cases_are_in_wrong_order", "closed_periods_stand"),
        warns=("times_of_a_case_are_in_order",),
        words="时间颠倒",
    ),
    "one case finished before it was accepted": Delivery(
        update("cases", "finished_at = accepted_at - interval 1 day", f"{ONE} and source_system = 'hall'"),
        warns=("times_of_a_case_are_in_order",),
        words="hall_cases_202206.csv 第1条：办结早于受理",
    ),
    "a case of the future": Delivery(
        update("cases", "finished_at = timestamp '2026-01-01'", f"{ONE} and source_system = 'hall'"),
        warns=("no_case_lies_in_the_future",),
        words="时间2026-01-01比最新导出",
    ),
    "an evaluation of the future": Delivery(
        update("evaluations", "evaluated_at = timestamp '2026-01-01'", ONE),
        warns=("times_of_an_evaluation_are_in_order",),
        words="评价晚于最新导出",
    ),
    "a certificate of the future": Delivery(
        update("certificates", "stored_at = timestamp '2026-01-01'", ONE),
        warns=("times_of_a_certificate_are_in_order",),
        words="入库晚于最新导出",
    ),
    "a certificate stored before it was issued": Delivery(
        update("certificates", "issued_on = date '2022-12-01'", ONE),
        warns=("times_of_a_certificate_are_in_order",),
        words="入库早于发证",
    ),
    "rectified before evaluated": Delivery(
        update("evaluations", "rectified_at = evaluated_at - interval 1 day", ONE),
        warns=("times_of_an_evaluation_are_in_order",),
        words="整改早于评价",
    ),
    "pauses that end before they begin": Delivery(
        update("case_pauses", "ended_at = started_at - interval 1 hour", "started_at >= timestamp '2022-05-01'"),
        blocks=("few_pauses_end_before_they_begin",),
        warns=("a_pause_ends_after_it_begins",),
        words="结束早于开始",
    ),
    "a pause that ends before it begins": Delivery(
        update("case_pauses", "ended_at = started_at - interval 1 hour", ONE),
        warns=("a_pause_ends_after_it_begins",),
        words="platform_pauses_202206.csv 第1条",
    ),
    "times of another time zone": Delivery(
        update("cases", "accepted_at = accepted_at + interval 12 hour", MONTH),
        warns=("cases_are_distributed_as_before", "times_of_a_case_are_in_order"),
        blocks=("few_cases_are_in_wrong_order", "distribution_of_cases_is_not_overturned"),
        words="受理时段",
    ),
    "times without an hour": Delivery(
        update("cases", "accepted_at = date_trunc('day', accepted_at)", MONTH),
        warns=("cases_are_distributed_as_before",),
        blocks=("distribution_of_cases_is_not_overturned",),
        words="夜间",
    ),
    "all cases of a week on its Monday": Delivery(
        update("cases", "accepted_at = date_trunc('week', accepted_at) + interval 9 hour", MONTH),
        warns=("cases_are_distributed_as_before",),
        blocks=("distribution_of_cases_is_not_overturned",),
        words="星期",
    ),
    # codes
    "every level turned round": Delivery(
        update(
            "evaluations",
            "level = case level when '非常满意' then '非常不满意' when '满意' then '不满意' when '不满意' then '满意' "
            "when '非常不满意' then '非常满意' else level end",
            EVALUATED,
        ),
        blocks=("levels_are_not_turned_round",),
        warns=("evaluations_are_distributed_as_before",),
        words="满意度代码可能颠倒",
    ),
    "all evaluations by default": Delivery(
        update("evaluations", "is_default = true", EVALUATED),
        warns=("evaluations_are_distributed_as_before",),
        words="是否默认评价",
    ),
    "all evaluations on one channel": Delivery(
        update("evaluations", "channel = '短信'", EVALUATED),
        warns=("evaluations_are_distributed_as_before",),
        words="评价渠道",
    ),
    "not one evaluation below the best": Delivery(
        update("evaluations", "level = '非常满意'", EVALUATED),
        warns=("evaluations_are_distributed_as_before",),
        words="满意度",
    ),
    "channels of evaluations swapped": Delivery(
        update("evaluations", "channel = case channel when '短信' then '大厅平板' else '短信' end", EVALUATED),
        warns=("evaluations_are_distributed_as_before",),
        words="评价渠道",
    ),
    "channels of cases swapped": Delivery(
        update("cases", "channel = case channel when 'counter' then 'mobile' else 'counter' end", MONTH),
        warns=("cases_are_distributed_as_before",),
        blocks=("distribution_of_cases_is_not_overturned",),
        words="办理形式",
    ),
    "all cases immediate": Delivery(
        update("cases", "case_type = 'immediate'", MONTH),
        warns=("cases_are_distributed_as_before",),
        blocks=("distribution_of_cases_is_not_overturned",),
        words="办件类型",
    ),
    "kinds of applicants turned round": Delivery(
        update("cases", "applicant_type = case applicant_type when '自然人' then '企业法人' else '自然人' end", MONTH),
        warns=("cases_are_distributed_as_before",),
        blocks=("distribution_of_cases_is_not_overturned",),
        words="申请人类型",
    ),
    "all cases void": Delivery(
        update("cases", "status = 'void'", MONTH),
        blocks=("no_source_falls_silent_or_floods", "volume_near_the_year_before"),
        warns=("weekly_volume_of_a_source_is_usual",),
        words="近28天办件0件",
    ),
    "certificates renamed": Delivery(
        update("certificates", "type_code = 'X' || type_code, type_name = '新' || type_name", STORED),
        warns=("kinds_of_certificates_are_as_before",),
        words="新出现20类证照",
    ),
    # limits
    "limits of 99,999": Delivery(
        update("cases", "promised_limit = 99999", f"promised_limit is not null and {MONTH}"),
        blocks=("few_limits_are_out_of_range",),
        warns=("limits_of_cases_are_in_range",),
        words="时限不在0—1000之间",
    ),
    "a limit of eight digits": Delivery(
        update(
            "cases", "promised_limit = 95367174, promised_unit = 'working_day'", f"{ONE} and source_system = 'hall'"
        ),
        warns=("limits_of_cases_are_in_range",),
        words="承诺时限8位数",
    ),
    "a limit of 99,999": Delivery(
        update("cases", "promised_limit = 99999, promised_unit = 'working_day'", f"{ONE} and source_system = 'hall'"),
        warns=("limits_of_cases_are_in_range",),
        words="承诺时限99999",
    ),
    "limits below zero": Delivery(
        update("cases", "promised_limit = -5", f"promised_limit is not null and {MONTH}"),
        blocks=("few_limits_are_out_of_range",),
        warns=("limits_of_cases_are_in_range",),
        words="承诺时限-5",
    ),
    "an item with a promised limit beyond the legal one": Delivery(
        update("items", "legal_limit = 5, legal_unit = 'working_day'", "item_code = 'SX0001'"),
        warns=("limits_of_items_are_in_range",),
        words="事项SX0001",
    ),
    "an item cancelled before it began": Delivery(
        update("items", "cancelled_on = date '2018-01-01', status = '取消'", "item_code = 'SX0001'"),
        warns=("an_item_ends_after_it_begins",),
        words="事项SX0001",
    ),
    # blanks and joins
    "applicants left blank": Delivery(
        update("cases", "applicant_type = null", MONTH),
        warns=("blanks_are_as_rare_as_before", "cases_are_distributed_as_before"),
        blocks=("distribution_of_cases_is_not_overturned",),
        words="申请人类型空白或不明",
    ),
    "codes of items left blank": Delivery(
        update("cases", "item_code = null", MONTH),
        warns=("blanks_are_as_rare_as_before",),
        words="实施编码空白或不明",
    ),
    "codes of items of another list": Delivery(
        update("cases", "item_code = 'Y' || item_code", MONTH),
        warns=("cases_find_their_item_as_before",),
        words="能对上事项清单的占0.0%",
    ),
    "finished without a date": Delivery(
        update("cases", "finished_at = null", f"{MONTH} and status = 'finished' and hash(case_no) % 4 = 0"),
        warns=("blanks_are_as_rare_as_before",),
        words="办结时间空白或不明",
    ),
    "evaluations with mangled numbers of cases": Delivery(
        update("evaluations", "case_no = 'X' || case_no", f"{EVALUATED} and hash(case_no) % 2 = 0"),
        warns=("evaluations_find_their_case_as_before",),
        words="评价能对上办件的占",
    ),
    # what was published
    "a past half-year rewritten": Delivery(
        again("cases", "accepted_at between '2021-01-01' and '2021-07-01' and hash(case_no) % 5 = 0", 2, "case_no"),
        blocks=("closed_periods_stand",),
        words="2021H1办件量已公布",
    ),
    "a past half-year removed": Delivery(
        "delete from raw.cases where accepted_at < timestamp '2021-01-01'",
        blocks=("closed_periods_stand",),
        words="变动-100.0%",
    ),
    # figures that no export can make wrong
    "a rate above one": Delivery(
        "update marts.figures set value = 1.2 where figure = 'satisfaction' and period = '2022H1'",
        blocks=("rates_lie_between_0_and_1",),
        words="2022H1群众满意度（total）为1.2000",
        is_late=True,
    ),
    "a negative count": Delivery(
        "update marts.figures set value = -3 where figure = 'limit_unknown' and period = '2022H1' "
        "and dimension = 'total'",
        blocks=("counts_are_not_negative",),
        words="为-3，小于0",
        is_late=True,
    ),
    "months that don't add up": Delivery(
        "update marts.figures set value = value + 1 where figure = 'evaluations' and period = '2022-05' "
        "and dimension = 'total'",
        blocks=("months_add_up",),
        words="2022H1评价次数",
        is_late=True,
    ),
    "a mean beyond a year": Delivery(
        "update marts.figures set value = 300 where figure = 'avg_working_days' and period = '2022H1' "
        "and dimension = 'total'",
        blocks=("durations_are_in_range",),
        words="为300.0个工作日",
        is_late=True,
    ),
    "feedback of the region that differs": Delivery(
        "insert into marts.fct_county_indicators (period, is_own, indicator, value, unit) "
        "values ('2022H1', true, '电子证照入库量', 99999, '个')",
        warns=("figures_agree_with_the_feedback",),
        words="上级反馈99999个",
        is_late=True,
    ),
}
