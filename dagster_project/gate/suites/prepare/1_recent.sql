-- The rows of the last 420 days, with the columns that suites compare.
-- Only the last 420 days are read, so that the cost stays the same however long the history is.
create or replace temp table last_day as
select max(as_of_on) as day from marts.dim_periods;

create or replace temp table newest as
-- a file of a month may be exported some days after its end
select max(covers_until) as covers_until, max(covers_until) + interval 32 day as ends_at
from quality.files where verdict = 'loaded';

create or replace temp table recent_cases as
select
    cases.accepted_on as date_on,
    cases.accepted_on > last_day.day - 28 as is_recent,
    cases.source_system,
    cases.channel,
    cases.case_type,
    cases.applicant_type,
    cases.org_name,
    case when cases.venue = 'township' then cases.town_name else '' end as town_name,
    cases.item_code,
    case
        when hour(cases.accepted_at) < 8 then '夜间' when hour(cases.accepted_at) < 12 then '上午'
        when hour(cases.accepted_at) < 18 then '下午' else '晚间'
    end as time_of_day,
    cases.is_limit_known,
    cases.is_settled_undated
from marts.fct_cases as cases, last_day
where cases.accepted_on > last_day.day - 420 and cases.accepted_on <= last_day.day;

create or replace temp table recent_evaluations as
select
    evaluations.evaluated_on as date_on,
    evaluations.evaluated_on > last_day.day - 28 as is_recent,
    evaluations.source_system,
    evaluations.channel,
    evaluations.level,
    evaluations.is_default,
    evaluations.case_key
from marts.fct_evaluations as evaluations, last_day
where
    evaluations.evaluated_on > last_day.day - 420
    and evaluations.evaluated_on <= last_day.day
    and evaluations.is_valid;

create or replace temp table recent_certificates as
select
    certificates.stored_on as date_on,
    certificates.stored_on > last_day.day - 28 as is_recent,
    certificates.type_name
from marts.fct_certificates as certificates, last_day
where
    certificates.stored_on > last_day.day - 420
    and certificates.stored_on <= last_day.day
    and certificates.is_accepted;
