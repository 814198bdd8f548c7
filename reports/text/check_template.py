"""Looks for faults in the office's template without any figures, before a bulletin is due.

It takes bulletin/template.md and the names that each function of a text understands, and returns `path:line: fault`
for a file that is missing, isn't valid Jinja, or asks for a name that nobody knows. What only shows when numbers are
filled in, `template.py` finds.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes

from reports.text.filling import suggest_names


def list_template_faults(path: Path, names: Mapping[str, Collection[str]]) -> list[str]:
    """Faults of the template at `path`; `names`: function (fig, chart …) -> the names that it understands."""
    if not path.is_file():
        return [f"{path}: is missing; it is the bulletin's text, with figures asked for by name"]
    try:
        tree = Environment(autoescape=True).parse(path.read_text("utf-8"))
    except UnicodeDecodeError:
        return [f"{path}: is not UTF-8; save it as UTF-8"]
    except TemplateSyntaxError as error:
        return [f"{path}:{error.lineno}: {error.message}"]
    faults = []
    for call in tree.find_all(nodes.Call):
        known = names.get(call.node.name) if isinstance(call.node, nodes.Name) else None
        asked = [arg for arg in call.args if isinstance(arg, nodes.Const) and isinstance(arg.value, str)]
        for arg in asked if known is not None else []:
            if arg.value not in known:
                fault = f"no {call.node.name} is named {arg.value!r}{suggest_names(arg.value, known)}"
                faults.append(f"{path}:{arg.lineno}: {fault}")
    return faults
