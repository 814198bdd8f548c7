"""Runs great-expectations in a process of its own, because it takes 3 s to load: that time passes while others work.

`plausibility.py` sends frames {name, count, columns, rows, expectations} through `helper_process.serve`; each frame is
judged for itself. The answer maps an expectation to the ordinals of the rows that fail, or to null if the whole frame
does. An expectation that could not be evaluated raises an error and is never a finding.
"""

import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from dagster_project.gate.data_docs import write_docs
from dagster_project.helper_process import serve

_ROW = "_row"
_FORMAT = {"result_format": "SUMMARY", "partial_unexpected_count": 1000, "unexpected_index_column_names": [_ROW]}


def judge_frames(question: dict[str, Any]) -> list[dict[str, list[int] | None]]:
    """Expectation -> failing rows of each of `frames`; raises RuntimeError if one can't be evaluated.

    Writes the Data Docs into the folder `docs`, if one is named.
    """
    import great_expectations as gx
    import pandas as pd

    expectations = _expectations()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    frames_of = context.data_sources.add_pandas("candidate").add_dataframe_asset("frame")
    batches = frames_of.add_batch_definition_whole_dataframe("all")
    judged, documented = [], {}
    for asked in question["frames"]:
        suite = gx.ExpectationSuite(asked["name"])
        for expected in asked["expectations"]:
            if expected["expect"] not in expectations:
                raise RuntimeError(f"{expected['name']}: great-expectations has no {expected['expect']}")
            severity = "critical" if expected["severity"] == "error" else "warning"
            kind = expectations[expected["expect"]]
            suite.add_expectation(kind(**expected["with"], severity=severity, meta={"name": expected["name"]}))
        # a checkpoint would store and read back what it judges, which takes as long as to judge it
        results = batches.get_batch({"dataframe": _frame(pd, asked)}).validate(suite, result_format=_FORMAT)
        documented[asked["name"]] = results
        judged.append({r.expectation_config.meta["name"]: _failing(r) for r in results.results})
    if question["docs"]:
        with suppress(OSError):  # the judgement stands, whether it can be documented or not
            write_docs(Path(question["docs"]), documented)
    return judged


@cache
def _expectations() -> dict[str, type]:
    """Name in a suite -> class: those of great-expectations, and one for frames that list what must not be."""
    import great_expectations as gx

    class ExpectNoRows(gx.expectations.ExpectTableRowCountToEqual):
        value: int = 0

    found = [getattr(gx.expectations, name) for name in dir(gx.expectations) if name.startswith("Expect")]
    kinds = {kind.expectation_type: kind for kind in found if getattr(kind, "expectation_type", None)}
    return {**kinds, ExpectNoRows.expectation_type: ExpectNoRows}


def _frame(pd: Any, asked: dict[str, Any]) -> Any:
    frame = pd.DataFrame({_ROW: range(asked["count"])})
    for place, column in enumerate(asked["columns"]):
        values = [row[place] for row in asked["rows"]]
        is_number = all(value is None or isinstance(value, int | float) for value in values)
        frame[column] = pd.Series(values, dtype="float64" if is_number else "str")
    return frame


def _failing(result: Any) -> list[int] | None:
    name = result.expectation_config.meta["name"]
    if (raised := result.exception_info) and _is_raised(raised):
        raise RuntimeError(f"{name} could not be evaluated: {raised}")
    if result.success:
        return []
    if "partial_unexpected_index_list" in result.result:
        return [int(row[_ROW]) for row in result.result["partial_unexpected_index_list"]]
    if result.expectation_config.type == "expect_no_rows":
        return None
    raise RuntimeError(f"{name} failed without failing rows: {result.result}")


def _is_raised(raised: dict[str, Any]) -> bool:
    """Great-expectations gives one exception, or one a metric under its name."""
    return any(
        _is_raised(value) if isinstance(value, dict) else key == "raised_exception" and value
        for key, value in raised.items()
    )


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    import great_expectations  # noqa: F401  loads while nothing is asked yet

    serve(judge_frames)
