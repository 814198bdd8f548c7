-- The exports, with their headers. What ends after the last day has not ended yet
create or replace view case_export as
select
    case_no as 办件编号, item_code as 实施编码, item_name as 事项名称, case_type as 办件类型, channel as 办理形式,
    org as 受理部门, town as 乡镇街道, applicant_type as 申请人类型, accepted_at as 受理时间,
    if(finished_at < date '$last' + interval 1 day, finished_at, null) as 办结时间,
    promised_limit as 承诺时限, if(promised_limit is null, null, '工作日') as 承诺时限单位,
    if(办结时间 is null, '在办', '办结') as 办件状态, source
from cases;

create or replace view hall_cases as select * exclude (乡镇街道, source) from case_export where source = 'hall';

create or replace view platform_cases as select * exclude (source) from case_export where source = 'platform';

create or replace view platform_pauses as
select case_no as 办件编号, kind as 种类, started_at as 开始时间, ended_at as 结束时间 from pauses;

create or replace view evaluations_export as
select
    evaluation_no as 评价编号, case_no as 办件编号, case_source as 办件来源, channel as 评价渠道, level as 满意度,
    '首次' as 评价次数, evaluated_at as 评价时间, if(is_default, '是', '否') as 是否默认评价, '是' as 是否有效,
    null as 整改完成时间
from evaluations;

create or replace view certificates_export as
select
    certificate_id as 证照标识, type_code as 证照类型代码, type_name as 证照名称, stored_at as 入库时间,
    '已入库' as 入库状态
from certificates;

create or replace view platform_items as
select
    'SX' || lpad(i::varchar, 4, '0') as 实施编码, '事项' || i as 事项名称, '在用' as 事项状态, '承诺件' as 办件类型,
    10 as 承诺时限, '工作日' as 承诺时限单位, date '2019-01-01' as 生效日期
from range(1, 41) as items (i);
