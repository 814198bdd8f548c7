"""What assets share, as typed resources: the home, the jurisdiction, the warehouse, dbt and great-expectations.

Each is configured by paths only and opened once a run. `Warehouse` holds the home's lock while a run lasts and keeps
the findings of a run that published nothing. What the resources wrap works without Dagster and lies in `warehouse/` and
`gate/`.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import PrivateAttr

from dagster_project.alerts.tell import tell_of_run
from dagster_project.event_log import delete_old_runs, hold_event_log, mark_killed_runs
from dagster_project.gate.suite import FOLDER as SUITES
from dagster_project.gate.suite import Suite, load_suites, tune_suites
from dagster_project.gate.verdict_book import VerdictBook
from dagster_project.gate.verdict_page import Setting
from dagster_project.helper_process import HelperProcess
from dagster_project.own_figures.load import load_own_figures
from dagster_project.owner import record_owner
from dagster_project.run_ending import find_ending, was_to_publish
from dagster_project.settings import Unusable, engine, keep_days
from dagster_project.warehouse import fingerprint
from dagster_project.warehouse.candidate import Candidate, relations
from dagster_project.warehouse.damage import Damaged
from dagster_project.warehouse.dbt_project import DbtProject, dbt_project
from dagster_project.warehouse.file_modes import closed_to_others
from dagster_project.warehouse.findings import findings_folder, keep_findings
from dagster_project.warehouse.lock import RunInProgress, hold_lock
from dagster_project.warehouse.moves import CutShort, NotPublished
from dagster_project.warehouse.publication import check_targets, finish_publication
from dagster_project.warehouse.release import check_release
from dagster_project.warehouse.retention import clear_leftovers, delete_old_files
from ingest.jurisdiction.settings import load_jurisdiction
from ingest.mapping.contract import Source
from ingest.mapping.load import load_sources
from reports.words.catalogue import Words, load_words

POOL = "warehouse"  # the pool of every asset that writes, so that one run writes at a time

_PATIENCE_SECONDS = 1800


def _is_asked(context: dg.InitResourceContext) -> bool:
    """Whether a schedule or sensor asked for the run, so that nobody is there to run again."""
    return bool(context.run and {"dagster/schedule_name", "dagster/sensor_name"} & {*context.run.tags})


class Home(dg.ConfigurableResource):
    """The runtime home: exports, the published warehouse, bulletins and all that a run leaves."""

    path: str

    @property
    def folder(self) -> Path:
        return Path(self.path)

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    @property
    def published(self) -> Path:
        return self.folder / "warehouse.duckdb"


class Jurisdiction(dg.ConfigurableResource):
    """The folder of configuration that makes a county this one, or the sentence why a run is refused without it."""

    path: str = ""
    refusal: str = ""

    @property
    def folder(self) -> Path:
        if self.refusal:
            raise dg.Failure(self.refusal)
        return Path(self.path)

    def sources(self) -> list[Source]:
        """The exporting systems; raises MappingError."""
        return load_sources(self.folder)

    def suites(self) -> list[Suite]:
        """The checks of plausibility as this county tunes them; raises MappingError."""
        return tune_suites(load_suites(), load_jurisdiction(self.folder).checks, self.folder / "jurisdiction.yaml")

    def own_figures(self) -> dict[str, Any]:
        """The figures of figures.yaml as dbt's variables; raises MappingError."""
        return load_own_figures(self.folder)

    def dbt_variables(self) -> dict[str, Any]:
        """dbt's variables: its own figures, and its word for what exports leave blank, if not Chinese."""
        language = load_jurisdiction(self.folder).language
        return self.own_figures() | ({} if language == "zh" else {"unstated": load_words(language)("unstated")})


class Dbt(dg.ConfigurableResource):
    """The dbt project, run by a helper process that ends with the run."""

    home: Home
    path: str

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Dbt"]:
        try:
            yield self
        finally:
            self.project.close()

    @property
    def project(self) -> DbtProject:
        return dbt_project(Path(self.path), self.home.folder)


class GreatExpectations(dg.ConfigurableResource):
    """The helper process in which great-expectations judges."""

    _helper: HelperProcess | None = PrivateAttr(None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["GreatExpectations"]:
        try:
            yield self
        finally:
            if self._helper:
                self._helper.end()

    @property
    def helper(self) -> HelperProcess:
        """The process, started when it is first asked for: early, because it takes long to load."""
        self._helper = self._helper or HelperProcess("dagster_project.gate.expectations_worker")
        return self._helper


class Warehouse(dg.ConfigurableResource):
    """The candidate, exclusive for one run at a time; see `warehouse/candidate.py`."""

    home: Home
    jurisdiction: Jurisdiction
    dbt: Dbt
    _run_id: str = PrivateAttr("")
    _is_opened: bool = PrivateAttr(False)
    _log: dg.DagsterLogManager | None = PrivateAttr(None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        self._run_id, self._log = context.run.run_id if context.run else "local", context.log
        jurisdiction = self.jurisdiction.folder
        try:
            lock = hold_lock(self.home.folder, f"run {self._run_id}", _PATIENCE_SECONDS if _is_asked(context) else 0)
        except RunInProgress as error:
            raise dg.Failure(str(error)) from None
        with lock, closed_to_others(), hold_event_log(self.home.folder, self._run_id):
            try:
                check_release(self.home.folder)
                record_owner(self.home.folder, jurisdiction)
                engine()
                kept = timedelta(days=keep_days())
            except Unusable as error:
                raise dg.Failure(str(error)) from None
            try:
                warnings = finish_publication(self.home.folder)
                check_targets(self.home.folder)
            except (CutShort, NotPublished) as error:
                raise dg.Failure(str(error)) from None
            for warning in warnings if context.log else ():
                context.log.warning(warning)
            clear_leftovers(self.home.folder)
            if context.instance:
                mark_killed_runs(context.instance, self._run_id)
            try:
                yield self
            finally:
                self.verdict.end(*find_ending(context, self.verdict))
                self._keep_findings(context)
                self._alert(context)
                before = datetime.now(UTC) - kept
                delete_old_files(self.home.folder, before)
                if context.instance:
                    delete_old_runs(context.instance, self.home.folder, before)

    @cached_property
    def candidate(self) -> Candidate:
        self._is_opened = True
        return Candidate(self.home.folder)

    @cached_property
    def verdict(self) -> VerdictBook:
        """What this run finds; its page is written after each stage."""
        county = load_jurisdiction(self.jurisdiction.folder)
        setting = Setting(county.name, county.language, county.timezone)
        return VerdictBook(self.home.folder, self._run_id, setting, self._log.warning)

    @property
    def words(self) -> Words:
        """The words of the jurisdiction's language."""
        return load_words(load_jurisdiction(self.jurisdiction.folder).language)

    @property
    def findings(self) -> Path:
        """`runs/<id>/`, for what a step wants to keep beside the tables."""
        return findings_folder(self.home.folder, self._run_id)

    @property
    def sources_of_build(self) -> tuple[Path, ...]:
        """The folders that decide what models and checks make of the exports."""
        return Path(self.dbt.path), self.jurisdiction.folder, SUITES

    def fingerprint(self) -> "fingerprint.Fingerprint | None":
        """What the models would be built of now; None if the candidate has no ledger yet."""
        with self.candidate.connect() as connection:
            if "quality.files" not in relations(connection):
                return None
            return fingerprint.hash_inputs(connection, *self.sources_of_build)

    def _alert(self, context: dg.InitResourceContext) -> None:
        """Tell what somebody must know of a run that was to publish."""
        if not context.run or not was_to_publish(context.run):
            return
        warnings = tell_of_run(self.home.folder, self.jurisdiction.folder, self.verdict.verdict)
        for warning in warnings if context.log else ():
            context.log.warning(warning)

    def _keep_findings(self, context: dg.InitResourceContext) -> None:
        if not self._is_opened or not self.candidate.path.exists():
            return
        # a damaged candidate has no findings to keep; the step that met the damage told it
        with suppress(Damaged), self.candidate.connect() as connection:
            keep_findings(
                connection, self.findings, "the run ended before publication: see checks.csv and the run's log"
            )
        if context.log:
            context.log.info(f"nothing was published; what the run found is in {self.findings}")
