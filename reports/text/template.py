"""Here the office's Markdown, with its Jinja expressions, becomes plain Markdown whose numbers are marked.
Which blocks a document is made of, and how they look, stays out.
It hands document a `Filled` text: Markdown with marks, and the marks' list (figure row, part, exact value).
"""

import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reports.document import tables
from reports.figures.load import Figures
from reports.text import wording
from reports.text.expressions import FigureList, FigureText, Filling, Mark, Mistake, known, nearest

# A line that stands for a block of its own (a chart, a table, the tiles), e.g. chart:monthly_volume.
BLOCK_OPEN, BLOCK_CLOSE = "\ue003", "\ue004"
_RESERVED = re.compile("[\ue000-\ue004]")

CHART_KEYS = (
    "monthly_volume", "calendar", "composition", "town_share", "organisations", "town_overdue", "county",
    "certificates", "evaluation_levels",
)  # fmt: skip
TABLE_KEYS = ("organisations", "evaluation_levels", "county", "revisions")
RANKING_KEYS = ("org", "item")
BLOCK_KEYS = (
    "daily_average", "calendar", "organisations", "rankings", "evaluation_levels", "county", "revisions",
)  # fmt: skip
UNWRITTEN = "（本节文字待撰写。）"
_CHART = re.compile(f"{BLOCK_OPEN}chart:(\\w+){BLOCK_CLOSE}")
_ASKED = re.compile(r"narrative\(\s*['\"](\w+)['\"]")


class TemplateError(ValueError):
    """The office's text can't be filled; the message gives file, line, what was found and the nearest name."""


@dataclass(frozen=True)
class Filled:
    """Markdown with every figure filled in, numbers between mark characters that point into `marks`."""

    markdown: str
    marks: tuple[Mark, ...]

    def charts(self) -> list[str]:
        """Keys of the charts that the text asks for, in its order."""
        return _CHART.findall(self.markdown)


def fill(folder: Path, figures: Figures, blocks: tuple[str, ...] = ()) -> Filled:
    """Fills <folder>/template.md and <folder>/<period>.md with figures; `blocks` are the optional ones on.

    Where the period has no file of words, each section says it is still to be written.
    Raises TemplateError with file and line for a wrong name, a figure without value or a syntax error.
    """
    template, words = folder / "template.md", folder / f"{figures.period}.md"
    if not template.is_file():
        raise TemplateError(f"{template}: not found; it is the bulletin's text, with figures asked for by name")
    asked = set(_ASKED.findall(template.read_text("utf-8")))
    filling = Filling(figures)
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder, encoding="utf-8"),
        undefined=StrictUndefined,
        autoescape=False,  # this is Markdown; html.py escapes every text it writes
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals = _names(filling, blocks)
    sections = None
    if words.is_file():
        sections = _sections(_fill_file(environment, words), words)
        for key in sections.keys() - asked:
            raise TemplateError(f"{words}: section '## {key}' is not asked for by template.md{nearest(key, asked)}")

    def narrative(key: str) -> str:
        if sections is None:
            return UNWRITTEN
        return sections[known(key, sections, f"section in {words.name}")]

    environment.globals["narrative"] = narrative
    return Filled(_fill_file(environment, template), tuple(filling.marks))


def skeleton(folder: Path) -> str:
    """A new period's file of words: one section for each narrative the template asks for, still unwritten."""
    asked = dict.fromkeys(_ASKED.findall((folder / "template.md").read_text("utf-8")))
    return "\n".join(f"## {key}\n\n{UNWRITTEN}\n" for key in asked)


def begin_words(folder: Path, period: str) -> Path | None:
    """Writes <folder>/<period>.md from the skeleton, gives its path; one that is there is never touched: None."""
    path = folder / f"{period}.md"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(skeleton(folder))
    except FileExistsError:
        return None
    return path


def _names(filling: Filling, blocks: tuple[str, ...]) -> dict:
    """What a template can say, by name."""
    figures = filling.figures

    def fig(name: str, **member: str) -> FigureText:
        if len(member) > 1:
            raise Mistake(f"fig('{name}') takes one dimension at a time, found {', '.join(member)}")
        return FigureText(filling, name, *next(iter(member.items()), ("total", "total")))

    def placeholder(kind: str, keys: tuple[str, ...], names: tuple[str, ...], *more: str) -> str:
        return f"{BLOCK_OPEN}{kind}:{','.join([*(known(key, names, kind) for key in keys), *more])}{BLOCK_CLOSE}"

    return {
        "fig": fig,
        "period": {
            "key": figures.period,
            "kind": figures.kind,
            "name": figures.name,
            "words": wording.period(figures.short_name, figures.starts_on, figures.as_of_on, figures.is_complete),
            "as_of": wording.day(figures.as_of_on),
            "is_complete": figures.is_complete,
        },
        "city_word": figures.city_word,
        "jurisdiction": figures.jurisdiction_name,
        "block": lambda name: known(name, BLOCK_KEYS, "block") in blocks,
        "idle_windows": wording.listing(figures.idle_windows),
        "chart": lambda key: placeholder("chart", (key,), CHART_KEYS),
        "table": lambda key: placeholder("table", (key,), TABLE_KEYS),
        "ranking": lambda key, top: placeholder("ranking", (key,), RANKING_KEYS, str(int(top))),
        "has_revisions": tables.revisions(figures) is not None,
        "revised_version": figures.revised_version,
        "why": figures.why.rstrip("。"),
        "kpi": lambda *keys: placeholder("kpi", keys, tuple(figures.definitions)),
    }


def _fill_file(environment: ImmutableSandboxedEnvironment, path: Path) -> str:
    found = _RESERVED.search(path.read_text("utf-8"))
    if found:
        raise TemplateError(f"{path}: holds the private-use character U+{ord(found[0]):04X}; delete it")
    try:
        return environment.get_template(path.name).render()
    except TemplateSyntaxError as error:
        raise TemplateError(f"{path}:{error.lineno}: {error.message}") from error
    except UndefinedError as error:
        raise TemplateError(f"{path}:{_line(error, path)}: {_undefined(str(error), environment)}") from error
    except Exception as error:  # whatever an expression raises is the text's to mend
        raise TemplateError(f"{path}:{_line(error, path)}: {error}") from error


def _line(error: BaseException, path: Path) -> int:
    """The template's line in which the error arose: Jinja maps its frames back to the text's lines."""
    line, frame = 0, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == str(path):
            line = frame.tb_lineno
        frame = frame.tb_next
    return line


def _undefined(message: str, environment: ImmutableSandboxedEnvironment) -> str:
    quoted = re.findall(r"'([^']*)'", message)
    methods = [name for kind in (FigureText, FigureList) for name in vars(kind) if not name.startswith("_")]
    return message + nearest(quoted[-1] if quoted else "", [*environment.globals, *methods])


def _sections(text: str, path: Path) -> dict[str, str]:
    """The office's words by the key of their heading: '## opening' and what follows it."""
    parts = re.split(r"^##[ \t]+(\w+).*$", text, flags=re.MULTILINE)
    if parts[0].strip():
        raise TemplateError(f"{path}:1: words before the first section; start each with a line '## name'")
    keys = parts[1::2]
    for key in keys:
        if keys.count(key) > 1:
            raise TemplateError(f"{path}: section '## {key}' appears twice; keep one")
    return {key: words.strip() for key, words in zip(keys, parts[2::2], strict=True)}
