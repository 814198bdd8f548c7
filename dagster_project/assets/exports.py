"""The landing folder as the first assets of the graph: one external asset a source.

It takes the sources of a jurisdiction and returns their asset specs, each with the landing folder and a reference to
its mapping, which is what somebody mends when a file is refused. It opens no file and runs nothing.
"""

from pathlib import Path

import dagster as dg

from dagster_project.catalogue.groups import Group
from dagster_project.catalogue.links import refer_to_code
from dagster_project.freshness import POLICY, export_key
from ingest.mapping.contract import Export, Source


def sources_by_dataset(sources: list[Source]) -> dict[str, list[Source]]:
    """dataset -> the sources that export it, both in alphabetical order."""
    exporters: dict[str, list[Source]] = {}
    for source in sources:
        for export in source.exports:
            exporters.setdefault(export.dataset, []).append(source)
    return dict(sorted(exporters.items()))


def export_specs(sources: list[Source], landing: Path, jurisdiction: Path) -> list[dg.AssetSpec]:
    """One external asset a source, described by what it claims of the folder `landing`."""
    return [
        dg.AssetSpec(
            export_key(source),
            group_name=Group.EXPORTS,
            description=f"{source.name}：" + "、".join(map(_describe, source.exports)),
            kinds={"file"},
            metadata={
                "folder": dg.MetadataValue.path(landing),
                **refer_to_code(jurisdiction / "sources" / f"{source.source}.yaml"),
            },
            freshness_policy=POLICY if source.arrives else None,
        )
        for source in sources
    ]


def _describe(export: Export) -> str:
    """Dataset and globs; as code, because the UI would take the stars of two globs for emphasis."""
    return f"{export.dataset}（{'，'.join(f'`{glob}`' for glob in export.files)}）"
