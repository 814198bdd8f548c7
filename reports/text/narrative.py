"""The office's own words of a period, bulletin/<period>.md: a section for each that the template asks for.

It lists which sections the template asks for, splits a text into them, begins the file of a new period, and says which
sections are still to be written. Filling the text with figures belongs to template.py.
"""

import re
from pathlib import Path

from reports.words.catalogue import Words

_ASKED = re.compile(r"narrative\(\s*['\"](\w+)['\"]")
_OPTIONAL = re.compile(_ASKED.pattern.replace("narrative", "optional"))
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
    raise TemplateError(f"{path}: is neither UTF-8 nor GBK; save it as UTF-8")


def list_asked(folder: Path) -> dict[str, None]:
    """Keys of the sections that <folder>/template.md asks for, in its order."""
    return dict.fromkeys(_ASKED.findall(read_text(folder / "template.md")))


def list_optional(folder: Path) -> set[str]:
    """Keys of the sections that <folder>/template.md prints where the office has written them."""
    return set(_OPTIONAL.findall(read_text(folder / "template.md")))


def split_sections(text: str, path: Path) -> dict[str, str]:
    """The office's words by the key of their heading: '## opening' and what follows it. Raises TemplateError."""
    parts = re.split(r"^##[ \t]+(\w+).*$", text, flags=re.MULTILINE)
    if parts[0].strip():
        raise TemplateError(f"{path}:1: words before the first section; start each with a line '## name'")
    keys = parts[1::2]
    for key in keys:
        if keys.count(key) > 1:
            raise TemplateError(f"{path}: section '## {key}' appears twice; keep one")
    return {key: words.strip() for key, words in zip(keys, parts[2::2], strict=True)}


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
    sections = split_source(read_text(path)) if path.is_file() else {}
    unwritten = words("unwritten")
    return [key for key in list_asked(folder) if unwritten in sections.get(key, (0, unwritten))[1]]
