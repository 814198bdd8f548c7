"""The first asset of a province: its member counties run, where it says so, and their published figures are taken.

`build_members` takes the province's source that has the files and returns an asset in the place of that source's
exports. `dagster_project/members` does the work without Dagster.
"""

from pathlib import Path

import dagster as dg

from dagster_project.catalogue.groups import Group
from dagster_project.catalogue.links import refer_to_code
from dagster_project.freshness import export_key
from dagster_project.members.collect import collect, list_members
from dagster_project.members.run_members import run_members
from dagster_project.resources import POOL, Home, Jurisdiction, Warehouse
from ingest.errors import MappingError
from ingest.jurisdiction.settings import load_jurisdiction
from ingest.mapping.contract import Source
from ingest.privacy import read_key
from reports.words.locale import words


def build_members(source: Source) -> dg.AssetsDefinition:
    """The asset that lays the members' figures into the landing folder, where `source` claims them."""

    @dg.asset(
        key=export_key(source),
        group_name=Group.EXPORTS,
        kinds={"file"},
        pool=POOL,
        metadata=refer_to_code(Path(__file__)),
        description=f"{source.name}：各县（市、区）已发布的指标；figures that the member counties have published",
    )
    def members(
        context: dg.AssetExecutionContext, home: Home, jurisdiction: Jurisdiction, warehouse: Warehouse
    ) -> dg.MaterializeResult:
        """县（市、区）指标：先按设定运行各县，再取其已发布的指标；run the members, then take their figures."""
        province = jurisdiction.folder
        try:
            about = load_jurisdiction(province)
            at_once = about.members_at_once
            endings = run_members(list_members(province), at_once) if at_once else {}
            key = read_key(home.folder) if about.members_share_cases else None
            states = collect(province, home.exports, key)
        except MappingError as error:
            raise dg.Failure(str(error)) from None
        for state in states:
            if state.state != "published":
                standing = words(f"counties.state.{state.state}")
                context.log.warning(words("members.standing", name=state.county_name, state=standing))
        return dg.MaterializeResult(
            metadata={
                "counties": len(states),
                **{state.county_name: dg.MetadataValue.json(state._asdict()) for state in states},
                **({"endings": dg.MetadataValue.json(endings)} if endings else {}),
            }
        )

    return members
