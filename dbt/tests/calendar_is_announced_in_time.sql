{{ config(severity="warn") }}

-- a limit promised today may end three months from now: the holidays until then should be known.
-- What to do: bring the library chinesecalendar up to date, and add the region's holidays to holidays.csv
select
    reach.announced_until,
    coverage.covered_until
from {{ ref('int_calendar_reach') }} as reach
inner join {{ ref('int_coverage') }} as coverage
    on reach.announced_until < {{ days_after('coverage.covered_until', 90) }}
