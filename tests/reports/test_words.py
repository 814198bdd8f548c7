"""Tests the words of each language: the same keys in all, parts that fit, no printed Chinese in code, own labels.

It reads the catalogues, the names of the registry and the source of reports. Sentences in English are compared with
sentences written by hand.
"""

import ast
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ingest.mapping.load import load_contracts
from reports.document.bulletin import read_settings
from reports.figures.labels import UnknownWords, read_names, relabel, replace_sentences
from reports.figures.registry import load
from reports.text.narrative import TemplateError
from reports.words.catalogue import LANGUAGES, Words, load_words, parts_of
from tests.reports import stub_figures

REPORTS, SPEAKER = (Path(__file__).parents[2] / room for room in ("reports", "dagster_project"))
EN, ZH = load_words("en"), load_words("zh")
_CHINESE = re.compile("[\u3001-\u303f\u4e00-\u9fff\uff00-\uffef]")
# Files whose Chinese is not printed, or is the same in every language; see the reason beside each.
_ARGUED = {
    "charts/drawing/sheet.py": "a full-width bracket, which is drawn with an empty half",
    "charts/drawing/typeface.py": "where a Chinese line may break",
    "charts/evaluation_levels.py": "the facts' own words for bad evaluations",
    "figures/registry.py": "docs/figures.md, which is written in Chinese",
    "formats/html/numbers.py": "units and punctuation that stay with a number in a Chinese line",
    "formats/spreadsheet.py": "full-width signs with which a formula may begin",
    "formats/paper/docx.py": "style names, which docx.renamed replaces",
    "formats/paper/docx_page.py": "fonts and style names, which docx.renamed replaces",
    "formats/paper/docx_table.py": "a style name, which docx.renamed replaces",
    "formats/paper/measures.py": "where a Chinese title may break",
    "proof/adopt.py": "numbers and dashes with which an official may begin a line of a DOCX",
    "proof/edges.py": "full-width marks that typst squeezes on a justified line",
    "proof/printed.py": "a style name of the DOCX",
    "proof/verify.py": "what lists findings",
    "document/omissions.py": "how a Chinese clause ends and a Chinese heading is numbered",
    "text/keyboard.py": "the full-width signs that Jinja doesn't read",
    "text/typed.py": "Chinese units, and dates and numbers of documents, which are no statistics",
    "words/wording.py": "Chinese numerals of headings",
}


def _chinese_literals(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in told
        and _CHINESE.search(node.value)
    }


def test_no_code_prints_chinese():
    found = {
        path.relative_to(REPORTS).as_posix(): literals
        for path in sorted(REPORTS.rglob("*.py"))
        if "fonts" not in path.parts and (literals := _chinese_literals(path))
    }
    assert {path: words for path, words in found.items() if path not in _ARGUED} == {}, "put these into reports/words"
    assert sorted({*_ARGUED} - {*found}) == [], "take these out of the exceptions"
    for template in (*REPORTS.rglob("*.j2"), *REPORTS.rglob("*.css")):
        assert not _CHINESE.search(template.read_text("utf-8")), f"{template.name}: put its words into reports/words"


def test_every_language_has_the_same_keys():
    assert {"en", "zh"} <= {*LANGUAGES}
    for code in LANGUAGES:
        assert {*load_words(code).texts} == {*ZH.texts}


@pytest.mark.parametrize("key", sorted(ZH.texts))
def test_an_english_sentence_has_no_part_that_the_chinese_has_not(key):
    chinese, english = ZH.texts[key], EN.texts[key]
    assert isinstance(english, str) == isinstance(chinese, str)
    if isinstance(chinese, str):
        # a short Chinese name of a period leaves its year out, although the program gives it
        given = parts_of(chinese) | ({"year"} if key.startswith("period.short.") else set())
        assert parts_of(english) <= given
        assert not _CHINESE.search(english)
    elif not key.startswith(("docx.renamed", "paper.fonts.", "places.endings", "places.counted", "tenths.digits")):
        assert len(english) == len(chinese)
        assert not any(_CHINESE.search(word) for word in english)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_sentence_joins_a_name_to_a_number(code):
    """A name may end in a digit: 子县1 with 25件 would read 子县125件."""
    sentences = {key: text for key, text in load_words(code).texts.items() if isinstance(text, str)}
    # {near} and {period} begin with no digit of a number
    joined = re.compile(r"\{(name|town|member|label)\}\{(?!near|period)")
    assert [key for key, text in sentences.items() if joined.search(text)] == []


def test_a_name_that_ends_in_a_digit_stays_apart_from_its_number():
    assert ZH("list.pair", name="子县1", amount="25件") == "子县1 25件"
    assert ZH("list.pair", name="子县甲", amount="25件") == "子县甲25件"


def test_every_key_of_the_code_is_in_the_catalogue_and_every_sentence_is_used():
    files = [path for room in (REPORTS, SPEAKER) for path in room.rglob("*") if path.suffix in (".py", ".j2", ".js")]
    source = "\n".join(path.read_text("utf-8") for path in files if path.name != "vega.js")
    asked = set(re.findall(r"""\bwords(?:\.list)?\(\s*['"]([a-z_.]+)['"]""", source.replace("load_words", "")))
    assert sorted(asked - {*ZH.texts}) == []
    # {…} in a key stands for any name
    quoted = set(re.findall(r"""['"]([a-z_.]*(?:\{[a-z_.]+\}[a-z_.]*)*)['"]""", source))
    used = re.compile("|".join(re.sub(r"\\{[^}]*\\}", "[a-z_]+", re.escape(key)) for key in quoted))
    assert [key for key in ZH.texts if not used.fullmatch(key)] == []


def test_the_registry_has_a_name_in_every_language():
    registry, names = load(), read_names("en")
    assert {*registry.figures} == {*names["figures"]}
    for key, figure in registry.figures.items():
        fields = names["figures"][key]
        assert {"name", "heading", "basis", "numerator"} <= {*fields}, key
        assert ("unit" in fields) == (figure.unit not in (None, "%")), key
        assert ("denominator" in fields) == bool(figure.denominator and figure.denominator.words), key
    assert {*registry.dimensions} == {*names["dimensions"]}
    for key, dimension in registry.dimensions.items():
        assert {*dimension.labels} == {*names["dimensions"][key].get("members", {})}, key
    taken = [fields[field] for field in ("name", "heading") for fields in names["figures"].values()]
    assert len({*taken[: len(registry.figures)]}) == len(registry.figures)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (EN.wan(349_200), "349,200"),
        (EN.exact(25_477), "25,477"),
        (EN.printed(0.9558, "rate", 2), "95.58%"),
        (EN.day(date(2024, 6, 30)), "30 June 2024"),
        (EN.span(date(2024, 1, 1), date(2024, 6, 30)), "1 January to 30 June 2024"),
        (EN.span(date(2023, 12, 1), date(2024, 1, 2)), "1 December 2023 to 2 January 2024"),
        (EN.period_name("2024H1"), "H1 2024"),
        (EN.period_name("2024Q2"), "Q2 2024"),
        (EN.short_period_name("2024-06"), "June 2024"),
        (EN.period_name("2024"), "2024"),
        ("".join(EN.change(300, 400, "exact")), "down 25%"),
        ("".join(EN.change(0.5, 0.4, "rate")), "up 10 pp"),
        ("".join(EN.change(3.5, 3.2, "days", "working days")), "up 0.3 working days"),
        ("".join(EN.change(3, 3, "exact")), "unchanged"),
        (EN.listing(["A", "B"], cut_short=True), "A, B and others"),
        (EN.quantity("12", "cases"), "12 cases"),
        (EN.titled("Closed", "cases"), "Closed (cases)"),
        (EN("headline.volume.start", period="Q2 2024", count="1"), "Q2 2024: 1 case received"),
        (EN("headline.volume.start", period="Q2 2024", count="0"), "Q2 2024: 0 cases received"),
        (ZH.period_name("2022Q2"), "2022年第二季度"),
        (ZH.short_period_name("2022Q2"), "二季度"),
        (ZH.period_name("2022H1"), "2022年上半年"),
        (ZH.short_period_name("2022"), "全年"),
        (ZH.period_name("2022-06"), "2022年6月"),
    ],
)
def test_numbers_dates_and_changes_in_words(printed, expected):
    assert printed == expected


def test_a_jurisdiction_replaces_a_sentence():
    own = replace_sentences(EN, {"places.any": "wards"})
    assert (own("places.any"), EN("places.any")) == ("wards", "areas")
    with pytest.raises(UnknownWords, match=r"labels\.words: places\.anny: .*did you mean places\.any"):
        replace_sentences(EN, {"places.anny": "wards"})
    with pytest.raises(UnknownWords, match=r"labels\.words: rounding: no part is named n; its parts: none"):
        replace_sentences(EN, {"rounding": "{n} parts"})


def test_names_of_the_language_and_then_of_the_jurisdiction():
    figures = stub_figures.figures()
    figures = replace(figures, words=EN, table=pd.DataFrame({"figure": ["case_volume"], "unit": ["件"]}))
    own = {
        "figures": {"case_volume": {"name": "Requests", "unit": "requests"}},
        "dimensions": {"town": {"name": "Ward"}, "venue": {"members": {"hall": "City hall"}}},
    }
    named = relabel(figures, own)
    assert named.titled("case_volume") == "Requests (requests)"
    assert named.table["unit"].to_list() == ["requests"]
    assert named.definition("case_volume").heading == "Received"
    assert named.definition("case_finished").name == "Cases closed"
    assert named.definition("overdue_open_ratio").denominator_heading == "Received in a year"
    assert (named.dimension_name("town"), named.dimension_name("org")) == ("Ward", "Organisation")
    assert (named.label("venue", "hall"), named.label("channel", "web")) == ("City hall", "Web")


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (
            {"figures": {"case_volum": {"name": "x"}}},
            r"no figure is named case_volum; did you mean case_volume or case_volume_share\?",
        ),
        ({"figures": {"case_volume": {"nam": "x"}}}, r"case_volume: no field is named nam; did you mean name"),
        ({"dimensions": {"towns": {"name": "x"}}}, r"no dimension is named towns; did you mean town"),
    ],
)
def test_a_label_of_nothing_is_told(own, message):
    with pytest.raises(UnknownWords, match=message):
        relabel(stub_figures.figures(), own)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("bureau:", "office:", "：缺少“bureau”，通报需要它"),
        ("code:", "code: [", "YAML 写法有误"),
        ("{period}", "本期", "bulletin.title“灵武市本期通报”缺少 {period}"),
        ("[rankings]", "[ranking]", "没有名为“ranking”的可选内容；是不是 rankings"),
        ("language: zh", "language: tlh", "没有语言“tlh”；可用的有 en、zh"),
        ("places.any", "places.anny", "labels.words：places.anny：没有这个键的句子；是不是 places.any"),
        ("乡镇", "{n}乡镇", "labels.words：places.any：句中没有 {n} 这一处；可用的有 无"),
    ],
)
def test_mistakes_in_settings_are_told_in_the_language_of_the_locale(tmp_path, monkeypatch, old, new, said):
    content = (
        "code: '640181'\nname: 灵武市\nbureau: 灵武市局\nlanguage: zh\n"
        "bulletin: {title: '灵武市{period}通报', blocks: [rankings]}\nlabels: {words: {places.any: '乡镇'}}\n"
    )
    assert old in content
    path = tmp_path / "jurisdiction.yaml"
    path.write_text(content, "utf-8")
    assert read_settings(tmp_path).words("places.any") == "乡镇"
    path.write_text(content.replace(old, new), "utf-8")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(TemplateError) as raised:
        read_settings(tmp_path)
    assert str(raised.value).startswith(str(path)) and said in str(raised.value)


def test_words_are_read_once_and_never_change():
    words = load_words("en")
    assert isinstance(words, Words)
    with pytest.raises(TypeError):
        words.texts["places.any"] = "wards"


def test_every_dataset_has_a_name():
    assert {key.removeprefix("dataset.") for key in ZH.texts if key.startswith("dataset.")} == {*load_contracts()}
