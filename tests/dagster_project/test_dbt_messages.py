"""Tests that the log of a command of dbt holds what dbt told, and no value of a cell."""

from __future__ import annotations

from types import SimpleNamespace

from google.protobuf.timestamp_pb2 import Timestamp

from dagster_project.warehouse.dbt_messages import write_log


def test_the_log_tells_what_dbt_told_without_the_values_of_cells(tmp_path):
    write = write_log(tmp_path / "dbt.log")
    for level, text in (
        ("info", "1 of 2 START sql table model marts.fct_cases"),
        ("debug", "select '褚嫱'"),
        ("error", "Conversion Error: Could not convert string '褚嫱' to INT32, nor 13734311087"),
    ):
        write(SimpleNamespace(info=SimpleNamespace(level=level, msg=text, ts=Timestamp(seconds=3661))))
    assert (tmp_path / "dbt.log").read_text(encoding="utf-8").splitlines() == [
        "01:01:01 1 of 2 START sql table model marts.fct_cases",
        "01:01:01 Conversion Error: Could not convert string '…' to INT32, nor '…'",
    ]
