"""All rules by the name under which docs/dbt-rules.md argues their findings, in the evaluator's order.

A rule that is not listed here is not checked.
"""

from collections.abc import Callable

from tests.dbt.rules import documentation, governance, modeling, performance, structure, testing
from tests.dbt.rules.project import Project

RULES: dict[str, Callable[[Project], list[str]]] = {
    "direct join to source": modeling.direct_join_to_source,
    "downstream model dependent on source": modeling.downstream_reads_source,
    "duplicate source": modeling.duplicate_sources,
    "hard-coded reference": modeling.hard_coded_references,
    "model fan-out": modeling.model_fan_out,
    "multiple sources joined": modeling.multiple_sources_joined,
    "rejoining of upstream concepts": modeling.rejoining_of_upstream_concepts,
    "root model": modeling.root_models,
    "source fan-out": modeling.source_fan_out,
    "staging dependent on staging": modeling.staging_reads_staging,
    "staging dependent on downstream": modeling.staging_reads_downstream,
    "too many joins": modeling.too_many_joins,
    "unused source": modeling.unused_sources,
    "missing primary key test": testing.missing_primary_key_tests,
    "test coverage": testing.test_coverage,
    "source without freshness": testing.sources_without_freshness,
    "undocumented model": documentation.undocumented_models,
    "undocumented source": documentation.undocumented_sources,
    "undocumented source table": documentation.undocumented_source_tables,
    "model naming": structure.model_naming_conventions,
    "model directory": structure.model_directories,
    "source directory": structure.source_directories,
    "test directory": structure.test_directories,
    "chained views": performance.chained_views,
    "exposure parent's materialisation": performance.exposure_parents_materialisation,
    "public model without contract": governance.public_models_without_contract,
    "exposure on a private model": governance.exposures_on_private_models,
    "undocumented public model": governance.undocumented_public_models,
    "published model that is not public": governance.published_models_that_are_not_public,
}
