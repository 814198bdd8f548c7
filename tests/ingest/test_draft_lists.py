"""Lines of organisations.csv that `tongbao init` and `tongbao check` draft; expectations are read off the names."""

from __future__ import annotations

import pytest

from ingest.drafting.draft_lists import draft_organisation


@pytest.mark.parametrize(
    ("name", "venue"),
    [
        ("县住房和城乡建设局", "hall"),
        ("县乡村振兴局", "hall"),
        ("东山乡便民服务中心", "township"),
        ("柳林社区", "township"),
    ],
)
def test_the_venue_is_guessed_from_an_organisation_s_name(name, venue):
    assert draft_organisation(name, []).split(",")[2] == venue
