"""Runs Jinja on one file of the office's text, so that the text reads figures and nothing else, and ends.

`make_environment` takes the names that a text may use, and `fill_file` returns the filled file, or raises a
TemplateError with file and line. The names are made in template.py; limits.py lists which parts of Jinja may be used.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reports.text.expressions import FigureList, FigureText
from reports.text.filling import Mistake, NoValue
from reports.text.limits import MOST_CHARACTERS, list_forbidden
from reports.text.mistakes import explain_syntax, explain_undefined
from reports.text.narrative import TemplateError, read_source
from reports.text.typed import mark_typed
from reports.words.locale import words as say

# the characters that enclose marks and placeholders: filling.py and template.py
_RESERVED = re.compile("[\ue000-\ue009]")


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja in which a text reads figures and nothing else: words and numbers of Python have no methods here."""

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        is_plain = type(obj) in (str, bytes, int, float, list, tuple, dict)
        return not is_plain and super().is_safe_attribute(obj, attr, value)


def make_environment(folder: Path, names: Mapping[str, object]) -> Environment:
    """Jinja for the files of `folder`, in which a text can use `names`; typed numbers are marked."""
    environment = _Sandbox(
        loader=FunctionLoader(lambda name: (mark_typed(read_source(folder / name)), str(folder / name), None)),
        undefined=StrictUndefined,
        autoescape=False,  # This is Markdown; formats/html escapes every text it writes.
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals = dict(names)
    return environment


def fill_file(environment: Environment, path: Path) -> str:
    """The text of a file, filled. Raises TemplateError with file and line for what the text can't ask for."""
    text = read_source(path)
    reserved = _RESERVED.search(text)
    if reserved:
        place = f"{path}:{text.count(chr(10), 0, reserved.start()) + 1}"
        raise TemplateError(say("mistake.private_use", place=place, code=f"{ord(reserved[0]):04X}"))
    try:
        forbidden = next(list_forbidden(environment.parse(text)), None)
        if forbidden:
            raise TemplateError(f"{path}:{forbidden[0]}: {forbidden[1]}")
        parts, length = [], 0
        for part in environment.get_template(path.name).generate():
            parts.append(part)
            length += len(part)
            if length > MOST_CHARACTERS:
                raise TemplateError(say("mistake.too_long", path=path, most=f"{MOST_CHARACTERS:,}"))
        return "".join(parts)
    except TemplateError:
        raise
    except TemplateSyntaxError as error:
        raise TemplateError(f"{path}:{error.lineno}: {explain_syntax(error.message)}") from error
    except UndefinedError as error:
        methods = [name for kind in (FigureText, FigureList) for name in vars(kind) if not name.startswith("_")]
        message = explain_undefined(str(error), [*environment.globals, *methods])
        raise TemplateError(f"{path}:{_find_line(error, path)}: {message}") from error
    except Exception as error:  # An expression can raise anything, and the author of the text must mend it.
        hint = ""
        if NoValue.__name__ in str(error):
            hint = say("mistake.calculated_with_none")
        said = error if isinstance(error, Mistake) else say("mistake.syntax", message=error)
        raise TemplateError(f"{path}:{_find_line(error, path)}: {said}{hint}") from error


def _find_line(error: BaseException, path: Path) -> int:
    """The line of `path` at which the error arose: Jinja gives its stack frames the template's file and lines."""
    line, frame = 0, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == str(path):
            line = frame.tb_lineno
        frame = frame.tb_next
    return line
