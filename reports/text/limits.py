"""Says which parts of Jinja a text of the office may use, so that no text can fill the memory or run without end.

A text asks for figures, chooses by conditions and goes through lists; all numbers come from figures, so it needs no
arithmetic, no macros and no other files. `list_forbidden` finds what else a file uses, before it is filled. What a name
may read is the sandbox's business, in `template.py`.
"""

from collections.abc import Iterator

from jinja2 import nodes

from reports.words.locale import words

MOST_CHARACTERS = 1_000_000  # of a filled text: a yearly bulletin has 20,000
_NODES = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign, nodes.Name, nodes.NSRef),
    *(nodes.Const, nodes.TemplateData, nodes.Tuple, nodes.List, nodes.Getattr, nodes.Getitem, nodes.Call),
    *(nodes.Keyword, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Filter),
    *(nodes.Test, nodes.Neg, nodes.Concat),
)
_FILTERS = {"abs", "default", "first", "int", "join", "last", "length", "list", "reverse", "round", "sort", "unique"}
_DEEPEST = 2  # loops within loops


def list_forbidden(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """(line, what is wrong) for each part of the text that isn't allowed."""
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _NODES) and not isinstance(node, nodes.Helper):
            yield node.lineno, words("mistake.forbidden", what=_describe(node))
        elif isinstance(node, nodes.Assign) and node.find(nodes.Concat):
            yield node.lineno, words("mistake.joined_set")
        elif isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            yield node.lineno, words("mistake.filter", name=node.name, known=", ".join(sorted(_FILTERS)))
        elif isinstance(node, nodes.For) and (node.recursive or _depth(node) > _DEEPEST):
            yield node.lineno, words("mistake.loops", n=_DEEPEST)


def _depth(loop: nodes.For) -> int:
    return 1 + max((_depth(inner) for inner in loop.find_all(nodes.For)), default=0)


def _describe(node: nodes.Node) -> str:
    operator = getattr(node, "operator", None)
    if operator:
        return words("mistake.calculating", operator=operator)
    return {"Include": "{% include %}", "Macro": "{% macro %}", "Block": "{% block %}"}.get(
        type(node).__name__, f"{{% {type(node).__name__.lower()} %}}"
    )
