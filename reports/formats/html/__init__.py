"""The web page of a bulletin and the index of all bulletins: blocks, numbers with their notes, fonts, style.

The content comes from the document model. The result is one self-contained HTML file.
"""
