-- Invented applicants: made-up names, phones with a prefix that is not in use, and id numbers with a valid check digit in a
-- region, 999999, that does not exist. Out: people.

create table people as
with drawn as (
    select
        range as person_no,
        range % 100 >= 82 as is_body,
        '999999' || strftime(date '1945-01-01' + pick(range, 131, 21000), '%Y%m%d') || lpad(pick(range, 132, 1000)::varchar, 3, '0')
            as stem
    from range($people)
),
checked as (
    select
        *,
        list_sum(list_transform(range(1, 18), lambda i: stem[i]::integer
            * ([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])[i]))::bigint % 11 as remainder
    from drawn
)
select
    person_no,
    if(is_body, '91999999MAYL' || lpad(person_no::varchar, 6, '0'), stem || '10X98765432'[1 + remainder]) as number,
    name_of(person_no) || if(is_body, '有限公司', '') as name,
    '100' || lpad(pick(person_no, 133, 99999999)::varchar, 8, '0') as phone,
    case when not is_body then '自然人'
        else (['企业法人', '企业法人', '企业法人', '企业法人', '其他组织', '事业法人', '社会组织法人', '行政机关'])[1 + pick(person_no, 134, 8)]
    end as applicant_type
from checked;
