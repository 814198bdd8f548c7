"""Looks for faults in the office's template without any figures, before a bulletin is due.

It takes bulletin/template.md and the names that each function of a text understands, and returns `path:line: fault`
for a file that is missing, isn't valid Jinja, asks for a name that nobody knows, or takes an absent figure for 0. What
only shows when numbers are filled in, `template.py` finds.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes

from reports.text.limits import list_forbidden
from reports.text.mistakes import explain_syntax
from reports.text.narrative import TemplateError, read_source
from reports.words.locale import suggest_names, words


def list_template_faults(path: Path, names: Mapping[str, Collection[str]]) -> list[str]:
    """Faults of the template at `path`; `names`: function (fig, chart …) -> the names that it understands."""
    if not path.is_file():
        return [words("mistake.missing", path=path)]
    try:
        tree = Environment(autoescape=True).parse(read_source(path))
    except TemplateError as error:
        return [str(error)]
    except TemplateSyntaxError as error:
        return [f"{path}:{error.lineno}: {explain_syntax(error.message)}"]
    faults = [f"{path}:{line}: {fault}" for line, fault in list_forbidden(tree)]
    for call in tree.find_all(nodes.Call):
        known = names.get(call.node.name) if isinstance(call.node, nodes.Name) else None
        asked = [arg for arg in call.args if isinstance(arg, nodes.Const) and isinstance(arg.value, str)]
        for arg in asked if known is not None else []:
            if arg.value not in known:
                near = suggest_names(arg.value, known)
                fault = words("mistake.unknown_call", function=call.node.name, name=arg.value, near=near)
                faults.append(f"{path}:{arg.lineno}: {fault}")
    bare = words("mistake.absent_as_zero")
    return faults + [f"{path}:{value.lineno}: {bare}" for value in _find_bare_values(tree)]


def _find_bare_values(tree: nodes.Template) -> Iterator[nodes.Getattr]:
    """Where a condition is nothing but `fig(…).value`, alone or joined by and, or, not."""
    conditions = [branch.test for branch in tree.find_all((nodes.If, nodes.CondExpr))]
    while conditions:
        condition = conditions.pop()
        if isinstance(condition, nodes.Not):
            conditions.append(condition.node)
        elif isinstance(condition, (nodes.And, nodes.Or)):
            conditions += [condition.left, condition.right]
        elif isinstance(condition, nodes.Getattr) and condition.attr == "value" and _asks_for_figure(condition.node):
            yield condition


def _asks_for_figure(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "fig"
