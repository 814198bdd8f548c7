"""The web page of a bulletin and the index of all bulletins.

page.py puts a page together from blocks.py, numbers.py, webfont.py and the templates and style in page_parts/. The
content comes from the document model. The result is one self-contained HTML file.
"""
