"""The web page of a bulletin, the index of all bulletins and the explorer of all figures.

page.py puts a bulletin's page together from blocks.py, tables.py and numbers.py, whose content comes from the document
model. template.py fills the templates of page_parts/ and adds style, scripts and the typeface that webfont.py cuts.
Each result is one self-contained HTML file.
"""
