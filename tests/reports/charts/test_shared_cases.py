"""Tests what the chart of counties' shares says where a province counts a case once that several counties report."""

from dataclasses import replace

import pytest

from reports.charts import all_charts as charts
from tests.reports.charts.svg_geometry import texts
from tests.reports.stub_figures import figures


@pytest.mark.parametrize(("shared", "is_said"), [(0, False), (31, True)])
def test_counties_that_share_cases_add_up_to_more_than_the_province_which_the_chart_says(shared, is_said):
    county = figures(towns={"甲县": (600, 1, 300), "乙县": (400, 2, 200)})
    rows = {
        (period, figure, dimension.replace("town", "county")): tuple(
            replace(row, dimension=row.dimension.replace("town", "county")) for row in each
        )
        for (period, figure, dimension), each in county.rows.items()
    }
    whole = county.get("case_volume")
    rows["2022H1", "case_volume", "total"] = (replace(whole, value=1000 - shared, numerator=1000 - shared),)
    for width in (640, 352):
        (share,) = charts.draw(replace(county, rows=rows), width, ("town_share",))
        said = "".join(text.text for text in texts(share.svg))
        assert ("各县（市、区）合计含重复报送的31件，全市只计一次。" in said) == is_said
