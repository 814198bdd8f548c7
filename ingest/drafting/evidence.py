"""Counts in the exports themselves which system's cases a file is about, so that a draft needn't ask.

It takes kinds of exports with their samples, joins them by case number in the scratch database and returns counts and
keys of sources. Which decision follows from a count is said in `draft_source.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.drafting.group import Kind
from ingest.drafting.sniff import Sample
from ingest.sql import quote_literal

_MOST = 0.5  # a file belongs to a system that has at least half of its case numbers


@dataclass(frozen=True)
class Loaded:
    """A kind of exports and its rows; what a header perhaps means is taken at its word for counting."""

    kind: Kind
    sample: Sample

    def select(self, *columns: str) -> str:
        """SQL for one row a record with the canonical `columns`; null for one that the export lacks."""
        cells = [f"{self._select_cell(name)} as {name}" for name in columns]
        return f"select {', '.join(cells)} from {self.sample.table}"

    def has(self, column: str) -> bool:
        return column in self.kind.guess.headers

    def _select_cell(self, name: str) -> str:
        return self.sample.select_cell(*self.kind.guess.headers[name]) if self.has(name) else "cast(null as varchar)"


class CaseNumbers:
    """The case numbers of every system that exports cases."""

    def __init__(self, loaded: list[Loaded]) -> None:
        self.loaded = loaded
        cases = [one for one in loaded if one.kind.guess.dataset == "cases" and one.has("case_no")]
        self.sources = sorted({one.kind.source for one in cases})
        if not cases:
            return
        self.connection = cases[0].sample.connection
        rows = " union ".join(
            f"select {quote_literal(one.kind.source)} as source, case_no from ({one.select('case_no')})"
            for one in cases
        )
        self.connection.execute(f"create or replace table case_numbers as {rows}")

    def find_owner(self, one: Loaded) -> tuple[str, int, int] | None:
        """(source, numbers found there, numbers in all) of the system whose cases `one` is mostly about."""
        return self._find_owner(one.select("case_no")) if self.sources and one.has("case_no") else None

    def find_owners(self, one: Loaded, label_column: str) -> dict[str, str]:
        """Label -> source, for the labels of a column that names the system of each row's case."""
        if not (self.sources and one.has("case_no") and one.has(label_column)):
            return {}
        labels = one.sample.list_values(one.kind.guess.headers[label_column], 50)
        owners = {}
        for label, _ in labels:
            rows = one.select("case_no", label_column)
            query = f"select case_no from ({rows}) where {label_column} = {quote_literal(label)}"
            if found := self._find_owner(query):
                owners[label] = found[0]
        return owners

    def count_shared(self, source: str) -> tuple[int, int]:
        """How many of the source's case numbers another system has too, and how many it has."""
        query = """
            select count(*) filter (where exists (
                select 1 from case_numbers as others where others.case_no = own.case_no and others.source <> own.source
            )), count(*)
            from case_numbers as own where source = $1 and case_no is not null
        """
        return self.connection.execute(query, [source]).fetchone()

    def count_evaluated(self, source: str) -> int:
        """How many of the source's case numbers have an evaluation, in whatever system."""
        evaluations = [o for o in self.loaded if o.kind.guess.dataset == "evaluations" and o.has("case_no")]
        if not evaluations:
            return 0
        rows = " union ".join(one.select("case_no") for one in evaluations)
        query = f"select count(*) from case_numbers where source = $1 and case_no in (select case_no from ({rows}))"
        return self.connection.execute(query, [source]).fetchone()[0]

    def _find_owner(self, case_nos: str) -> tuple[str, int, int] | None:
        query = f"""
            with asked as (select distinct case_no from ({case_nos}) where case_no is not null)
            select source, count(*), (select count(*) from asked) from case_numbers inner join asked using (case_no)
            group by source order by 2 desc, 1
        """
        ranked = self.connection.execute(query).fetchall()
        # Two systems that hold the same numbers can't be told apart.
        is_clear = ranked and ranked[0][1] >= _MOST * ranked[0][2] and (len(ranked) == 1 or ranked[1][1] < ranked[0][1])
        return ranked[0] if is_clear else None
