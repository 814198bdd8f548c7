-- Two years of a quiet county as exports: growth, seasons, weekdays, holidays and noise, the same for the same $seed.
-- `calendar` (date_on, is_working_day) is there already; nothing is wrong in these rows.
create or replace macro uniform(words) as (hash('$seed' || words) % 1000003 + 0.5) / 1000003;
create or replace macro normal(words) as
    sqrt(-2 * ln(uniform(words || 'a'))) * cos(2 * pi() * uniform(words || 'b'));

create or replace table orgs as
select * from (values
    ('hall', '公安局', null, 12), ('hall', '税务局', null, 9), ('hall', '人社局', null, 8), ('hall', '住建局', null, 4),
    ('hall', '民政局', null, 4), ('platform', '东河镇民生服务中心', '东河镇', 5),
    ('platform', '西山镇民生服务中心', '西山镇', 4), ('platform', '南塘乡民生服务中心', '南塘乡', 3),
    ('platform', '北岭乡民生服务中心', '北岭乡', 3)
) as t (source, org, town, a_day);

create or replace table volumes as
select
    orgs.*, calendar.date_on,
    greatest(0, round(
        orgs.a_day
        * (case when calendar.is_working_day then 1 when isodow(calendar.date_on) = 6 then 0.15 else 0.05 end)
        * (1 + 0.08 * (calendar.date_on - date '$first') / 365)
        * (1 + 0.12 * sin(2 * pi() * dayofyear(calendar.date_on) / 365))
        * (case isodow(calendar.date_on) when 1 then 1.15 when 5 then 0.9 else 1 end)
        * exp(0.15 * normal(calendar.date_on || orgs.source)) * exp(0.25 * normal(calendar.date_on || orgs.org))
    ))::integer as row_count
from orgs, calendar
where calendar.date_on between date '$first' and date '$last';

create or replace table cases as
with numbered as (
    select volumes.*, series.i, source || strftime(date_on, '%Y%m%d') || org || series.i as id
    from volumes, range(60) as series (i) where series.i < volumes.row_count
),

drawn as (
    select
        *,
        row_number() over (partition by source, date_on order by org, i) as place,
        uniform(id || 'kind') as kind, uniform(id || 'channel') as channel_draw, uniform(id || 'end') as ending,
        1 + (hash('$seed' || id || 'item') % 40) as item,
        date_on + to_seconds((8.5 * 3600 + 28000 * uniform(id || 'hour'))::bigint) as accepted_at
    from numbered
)

select
    source, org, town, date_on, accepted_at,
    upper(left(source, 1)) || strftime(date_on, '%Y%m%d') || lpad(place::varchar, 4, '0') as case_no,
    'SX' || lpad(item::varchar, 4, '0') as item_code, '事项' || item as item_name,
    case when kind < 0.7 then '即办件' else '承诺件' end as case_type,
    case when channel_draw < 0.75 then '窗口办理' when channel_draw < 0.9 then '电脑端' else '移动端' end as channel,
    case when uniform(id || 'who') < 0.8 then '自然人' else '企业法人' end as applicant_type,
    case when kind >= 0.7 then 10 end as promised_limit,
    accepted_at + case when kind < 0.7 then to_seconds((300 + 3000 * ending)::bigint)
        else to_hours((24 * (1 + 11 * ending * ending))::bigint) end as finished_at,
    id
from drawn;

create or replace table evaluations as
select
    'PJ' || case_no as evaluation_no, case_no, case when source = 'hall' then '大厅' else '平台' end as case_source,
    case when uniform(id || 'ec') < 0.6 then '大厅平板' when uniform(id || 'ec') < 0.85 then '移动端' else '短信' end as channel,
    case when uniform(id || 'el') < 0.9 then '非常满意' when uniform(id || 'el') < 0.96 then '满意'
        when uniform(id || 'el') < 0.992 then '基本满意' when uniform(id || 'el') < 0.998 then '不满意' else '非常不满意' end as level,
    finished_at + to_seconds((60 + 3600 * uniform(id || 'et'))::bigint) as evaluated_at,
    uniform(id || 'ed') < 0.1 as is_default
from cases
where uniform(id || 'e') < 0.7;

create or replace table certificates as
select
    'ZZ' || case_no as certificate_id, 'T' || lpad((1 + hash('$seed' || id || 't') % 20)::varchar, 2, '0') as type_code,
    '证照' || (1 + hash('$seed' || id || 't') % 20) as type_name, finished_at + interval 1 hour as stored_at
from cases
where uniform(id || 'z') < 0.4;

create or replace table pauses as
select
    case_no, '特别程序' as kind, accepted_at + interval 2 hour as started_at, accepted_at + interval 20 hour as ended_at
from cases
where source = 'platform' and case_type = '承诺件' and uniform(id || 'p') < 0.3 and finished_at > accepted_at + interval 20 hour;
