"""Makes the two generated parts of the explorer: its charts, and the program that draws them in the browser.

`python -m reports.formats.html.explorer_parts` writes page_parts/explorer_charts.json, two Vega-Lite specifications
written with Altair, and page_parts/vega.js, the bundle of vl-convert. Both are kept in the repository, because bundling
takes two seconds and Altair takes one to load, and every run writes the page. Run it again after an upgrade of either
library. What the charts show is filled in by page_parts/explorer.js.
"""

import json
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert

from reports.charts.drawing import theme, typeface

PARTS = Path(__file__).with_name("page_parts")
CHARTS, PROGRAM = PARTS / "explorer_charts.json", PARTS / "vega.js"
_LICENCES = """/*! Vega, Vega-Lite and Vega-Embed, bundled by vl-convert with D3, lodash and others.
Copyright (c) 2013-2026, University of Washington Interactive Data Lab and Vega contributors. BSD 3-Clause License:
Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met: 1. Redistributions of source code must retain the above copyright notice, this list of
conditions and the following disclaimer. 2. Redistributions in binary form must reproduce the above copyright notice,
this list of conditions and the following disclaimer in the documentation and/or other materials provided with the
distribution. 3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or
promote products derived from this software without specific prior written permission. THIS SOFTWARE IS PROVIDED BY THE
COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE
COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR
BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT
(INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE
POSSIBILITY OF SUCH DAMAGE.
D3: Copyright 2010-2023 Mike Bostock. ISC License: Permission to use, copy, modify, and/or distribute this software for
any purpose with or without fee is hereby granted, provided that the above copyright notice and this permission notice
appear in all copies. The software is provided "as is" and the author disclaims all warranties. */
"""
_NUMBERS = {"labelColor": theme.INK2, "labelFontSize": 12, "domain": False, "ticks": False, "title": None}
_CONFIG = {
    "background": None,
    "font": f"{typeface.FAMILY}, sans-serif",
    "view": {"stroke": None},
    "padding": 8,
    "aria": False,  # the element around a picture describes it, and a table below it has all its numbers
}
_AS_WIDE_AS_ITS_PLACE = alt.AutoSizeParams(type="fit-x", contains="padding")
# Each line has a colour and a shape of its own, so that nobody has to tell lines by colour alone. A shape is a path
# within -1 to 1; explorer.css has the counterpart of each colour on dark paper.
_LINES = {
    theme.MAIN: "M-1,0A1,1,0,1,1,1,0A1,1,0,1,1,-1,0Z",
    theme.ALERT: "M-0.9,-0.9H0.9V0.9H-0.9Z",
    theme.ONLINE: "M0,-1.1L1.1,0.9H-1.1Z",
    "#7A3E9D": "M0,-1.2L1.2,0L0,1.2L-1.2,0Z",
    "#8A5A00": "M0,1.1L1.1,-0.9H-1.1Z",
    theme.INK2: "M-0.4,-1.2H0.4V-0.4H1.2V0.4H0.4V1.2H-0.4V0.4H-1.2V-0.4H-0.4Z",
}


def draw_charts() -> dict[str, Any]:
    """The Vega-Lite specifications of the course over periods (`course`) and of the members in one (`ranking`).

    Both read the data `rows`, which explorer.js supplies. `lines` are colour and shape of each line; `rest` is the
    colour of a bar whose member has no line, and `paper` that of a hollow one.
    """
    charts = {"course": _finish(_draw_course()), "ranking": _finish(_draw_ranking())}
    return charts | {"lines": [*_LINES.items()], "rest": theme.GHOST, "paper": theme.PAPER}


def _finish(chart: alt.LayerChart) -> dict:
    with alt.theme.enable("none"):
        return chart.properties(autosize=_AS_WIDE_AS_ITS_PLACE).to_dict() | {"config": _CONFIG}


def _draw_course() -> alt.LayerChart:
    """One line a member over the periods; a gap where there is no value, a hollow point apart for a part of a period.

    Rows: period, member, value, joined (value of a whole period, else null), colour, fill, shape, printed, told.
    """
    low, high = alt.param(name="low", value=0), alt.param(name="high", value=1)
    headings, form, chosen = (
        alt.param(name=name, value=value) for name, value in (("headings", {}), ("form", ","), ("chosen", ""))
    )
    rows = alt.Chart(alt.NamedData("rows")).encode(
        alt.X(
            "period:O",
            sort=None,
            scale=alt.Scale(type="point", padding=0.5),
            axis=alt.Axis(
                **_NUMBERS | {"domain": True, "domainColor": theme.INK2},
                labelAngle=0,
                labelPadding=8,
                labelLineHeight=16,
                labelOverlap="parity",
                labelExpr="headings[datum.value]",
            ),
        )
    )
    y_axis = alt.Axis(**_NUMBERS, grid=True, gridColor=theme.TRACK, tickCount=5, labelExpr="format(datum.value, form)")
    scale = alt.Scale(domain=[alt.ExprRef("low"), alt.ExprRef("high")], nice=True, zero=False)
    value = alt.Y("value:Q", scale=scale, axis=y_axis)
    near = alt.selection_point(name="near", on="pointerover", nearest=True, empty=False, clear="pointerout")
    picked = alt.selection_point(name="picked", on="click", fields=["period"], toggle=False)
    colour = alt.Color("colour:N", scale=None)
    line = rows.mark_line(strokeWidth=2.5).encode(
        y=alt.Y("joined:Q", scale=scale, axis=y_axis), color=colour, detail="member:N"
    )
    points = (
        rows.mark_point(opacity=1, strokeWidth=2)
        .encode(
            y=value,
            stroke=alt.Stroke("colour:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            shape=alt.Shape("shape:N", scale=None),
            size=alt.condition(near, alt.value(150), alt.value(60)),
            tooltip="told:N",
        )
        .add_params(near, picked)
    )
    rule = rows.mark_rule(color=theme.MUTED, strokeDash=[2, 3]).transform_filter("datum.period == chosen")
    label = (
        rows.mark_text(fill=theme.INK, fontSize=13, fontWeight="bold", dy=-12, stroke=theme.PAPER, strokeWidth=3)
        .encode(y=value, text="printed:N")
        .transform_filter("datum.period == chosen && isValid(datum.value)")
    )
    # the line comes first: its rows, which no filter has thinned, give the axis the order of its periods
    sized = alt.layer(line, rule, points, label).properties(width="container", height=260)
    return sized.add_params(low, high, headings, form, chosen)


def _draw_ranking() -> alt.LayerChart:
    """One bar a member in the chosen period, in the order of the rows; a part of a period has a hollow bar.

    Rows: member, value, end (value, or 0 where there is none), colour, fill, dash, printed, told. The signal
    `height` is set to the room of that many bars.
    """
    low, high, names = (
        alt.param(name=name, value=value) for name, value in (("low", 0), ("high", 1), ("headings", {}))
    )
    axis = alt.Axis(
        **_NUMBERS | {"labelColor": theme.INK, "labelFontSize": 13},
        labelPadding=8,
        labelLimit=alt.ExprRef("width < 420 ? 120 : 260"),
        labelExpr="headings[datum.value]",
    )
    rows = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("member:N", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.28, paddingOuter=0.14))
    )
    scale = alt.Scale(domain=[alt.ExprRef("low"), alt.ExprRef("high")], nice=False, zero=False)
    value = alt.X("end:Q", scale=scale, axis=None)
    bars = rows.mark_bar(strokeWidth=1.5, cursor="pointer").encode(
        x=value,
        stroke=alt.Stroke("colour:N", scale=None),
        fill=alt.Fill("fill:N", scale=None),
        strokeDash=alt.StrokeDash("dash:N", scale=None),
        tooltip="told:N",
    )
    text = rows.mark_text(align="left", dx=6, color=theme.INK, fontSize=13).encode(x=value, text="printed:N")
    sized = alt.layer(bars, text).properties(width="container", height=30)
    return sized.add_params(low, high, names)


def bundle_program() -> str:
    """The JavaScript that draws Vega-Lite charts, with the licences of what it holds; its one global is `vegaEmbed`."""
    return f"{_LICENCES}(() => {{{vl_convert.javascript_bundle('window.vegaEmbed = vegaEmbed;')}}})();\n"


if __name__ == "__main__":
    CHARTS.write_text(json.dumps(draw_charts(), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    PROGRAM.write_text(bundle_program(), encoding="utf-8")
