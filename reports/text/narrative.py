"""The office's own words of a period, bulletin/<period>.md: a section for each that the template asks for.

It lists which sections the template asks for, splits a text into them, begins the file of a new period, and says which
sections are still to be written. Filling the text with figures belongs to template.py.
"""

import re
from pathlib import Path

from reports.text.keyboard import use_half_width
from reports.words.catalogue import Words
from reports.words.locale import words as say

_ASKED = re.compile(r"narrative\(\s*['\"](\w+)['\"]")
_OPTIONAL = re.compile(_ASKED.pattern.replace("narrative", "optional"))
_CITED = re.compile(r"\bperiod\s*=\s*(['\"])([^'\"]+)\1")
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


class TemplateError(ValueError):
    """The office's text can't be filled; the message gives file, line, what was found and the closest name."""


def read_text(path: Path) -> str:
    """A text as Windows' editors save it, too: UTF-8 with or without its mark, GBK, lines ended by CR LF.

    Raises TemplateError for any other encoding.
    """
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise TemplateError(say("mistake.encoding", path=path))


def read_source(path: Path) -> str:
    """`read_text` of a text with Jinja, its expressions as Jinja reads them. Raises TemplateError."""
    return use_half_width(read_text(path))


def list_asked(folder: Path) -> dict[str, None]:
    """Keys of the sections that <folder>/template.md asks for, in its order."""
    return dict.fromkeys(_ASKED.findall(read_source(folder / "template.md")))


def list_optional(folder: Path) -> set[str]:
    """Keys of the sections that <folder>/template.md prints where the office has written them."""
    return set(_OPTIONAL.findall(read_source(folder / "template.md")))


def list_cited(folder: Path, period: str) -> list[str]:
    """The other periods whose figures the text asks for: fig('case_volume', period='2022Q1')."""
    paths = [path for path in (folder / "template.md", folder / f"{period}.md") if path.is_file()]
    return sorted(
        {cited for path in paths for _, cited in _CITED.findall(_COMMENT.sub("", read_source(path)))} - {period}
    )


def split_sections(text: str, path: Path) -> dict[str, str]:
    """The office's words by the key of their heading: '## opening' and what follows it. Raises TemplateError."""
    parts = re.split(r"^##[ \t]+(\w+).*$", text, flags=re.MULTILINE)
    if parts[0].strip():
        raise TemplateError(say("mistake.before_section", path=path))
    keys = parts[1::2]
    for key in keys:
        if keys.count(key) > 1:
            raise TemplateError(say("mistake.section_twice", place=find_section(path, key), name=key))
    return {key: words.strip() for key, words in zip(keys, parts[2::2], strict=True)}


def find_section(path: Path, key: str) -> str:
    """The file and the line of the last heading of a section, as messages give it."""
    lines = read_source(path).splitlines()
    numbers = [number for number, line in enumerate(lines, 1) if re.match(rf"##[ \t]+{key}\b", line)]
    return f"{path}:{numbers[-1]}" if numbers else f"{path}"


def split_source(text: str) -> dict[str, tuple[int, str]]:
    """The sections of a text as it is written, expressions unfilled: key -> where its words begin, and the words."""
    text = _COMMENT.sub(lambda comment: " " * len(comment[0]), text)
    heads = list(re.finditer(r"^##[ \t]+(\w+).*$", text, flags=re.MULTILINE))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return {head[1]: (head.end(), text[head.end() : end]) for head, end in zip(heads, ends, strict=True)}


def make_skeleton(folder: Path, words: Words) -> str:
    """The narrative of a new period: a section for each that the template asks for, still to be written."""
    return "\n".join(f"## {key}\n\n{words('unwritten')}\n" for key in list_asked(folder))


def create_narrative(folder: Path, period: str, words: Words) -> Path | None:
    """Writes <folder>/<period>.md from the skeleton and returns its path; None where the file exists, untouched."""
    path = folder / f"{period}.md"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(make_skeleton(folder, words))
    except FileExistsError:
        return None
    return path


def list_unwritten(folder: Path, period: str, words: Words) -> list[str]:
    """Keys of the sections of <folder>/<period>.md that hold no words of the office yet, or still the skeleton's."""
    path = folder / f"{period}.md"
    sections = split_source(read_source(path)) if path.is_file() else {}
    unwritten = words("unwritten")
    return [key for key in list_asked(folder) if unwritten in sections.get(key, (0, unwritten))[1]]
