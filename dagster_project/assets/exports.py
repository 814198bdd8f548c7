"""The landing folder as the graph's left edge: one external asset a source.

Nothing is read or run here. It hands on asset keys that the ingest assets depend on.
"""

import dagster as dg

from dagster_project import settings
from ingest.mapping.contract import Source
from ingest.mapping.load import load_sources


def key(source: Source) -> dg.AssetKey:
    """The asset key of a source's exports."""
    return dg.AssetKey(["exports", source.source])


def datasets() -> dict[str, list[Source]]:
    """dataset -> the sources that export it, both in alphabetical order."""
    found: dict[str, list[Source]] = {}
    for source in load_sources(settings.jurisdiction()):
        for export in source.exports:
            found.setdefault(export.dataset, []).append(source)
    return dict(sorted(found.items()))


def specs() -> list[dg.AssetSpec]:
    """One external asset a source, described by what it claims."""
    return [
        dg.AssetSpec(
            key(source),
            group_name="exports",
            description=f"{source.name}：" + "、".join(f"{e.dataset}（{'，'.join(e.files)}）" for e in source.exports),
            kinds={"file"},
        )
        for source in load_sources(settings.jurisdiction())
    ]
