{{ figures_of(ref('int_finished_totals'), {
    'case_finished': ['finished_count', 'null'],
    'overdue_finished': ['known_limit_count - on_time_count', 'null'],
    'overdue_finished_rate': ['known_limit_count - on_time_count', 'finished_count'],
    'on_time_rate': ['on_time_count', 'known_limit_count'],
    'early_rate': ['early_count', 'promised_count'],
    'avg_working_days': ['promised_working_days', 'promised_count'],
    'immediate_share': ['immediate_count', 'finished_count'],
    'limit_unknown': ['finished_count - known_limit_count', 'null']
}) }}
