"""Runs great-expectations in a process of its own, because it takes 3 s to load: that time passes while others work.

`plausibility.py` sends frames of {name, low, high, rows} through `helper_process.serve`. The answer lists the rows
whose value lies outside of [low, high]. An expectation that could not be evaluated raises an error and is never a
finding. The ranges themselves are in `plausibility.py`.
"""

from typing import Any

from dagster_project.helper_process import serve

_SHOWN = 20


def judge_frames(frames: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Up to 20 failing rows {what, value} of each frame; raises RuntimeError if one can't be evaluated."""
    import great_expectations as gx
    import pandas as pd

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batches = context.data_sources.add_pandas("warehouse").add_dataframe_asset("suite")
    definition = batches.add_batch_definition_whole_dataframe("suite")
    judged = []
    for asked in frames:
        frame = pd.DataFrame(asked["rows"], columns=["what", "value"]).astype({"what": "str", "value": "float64"})
        within = gx.expectations.ExpectColumnValuesToBeBetween(
            column="value", min_value=asked["low"], max_value=asked["high"]
        )
        outcome = definition.get_batch({"dataframe": frame}).validate(
            within,
            result_format={
                "result_format": "SUMMARY",
                "partial_unexpected_count": _SHOWN,
                "unexpected_index_column_names": ["what"],
            },
        )
        if outcome.exception_info and outcome.exception_info.get("raised_exception"):
            reason = outcome.exception_info["exception_message"]
            raise RuntimeError(f"{asked['name']} could not be evaluated: {reason}")
        failing = outcome.result.get("partial_unexpected_index_list") or []
        if not outcome.success and not failing:
            raise RuntimeError(f"{asked['name']} failed without failing rows: {outcome.result}")
        judged.append([{"what": row["what"], "value": row["value"]} for row in failing])
    return judged


if __name__ == "__main__":
    import great_expectations  # noqa: F401  loads while nothing is asked yet

    serve(judge_frames)
