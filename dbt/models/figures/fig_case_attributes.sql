-- attributes overlap: none of them is a part of another
{{ figures_of(ref('int_accepted_totals'), {
    'via_platform': ['platform_count', 'null'],
    'via_platform_share': ['platform_count', 'case_count'],
    'fully_online': ['fully_online_count', 'null'],
    'fully_online_share': ['fully_online_count', 'case_count'],
    'mobile': ['mobile_count', 'null'],
    'mobile_share': ['mobile_count', 'case_count']
}) }}
