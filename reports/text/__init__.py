"""From figures to words: number formats, wording rules, the template's expressions and its Markdown.

Layout stays outside. The document room receives filled Markdown and parsed blocks.
"""
