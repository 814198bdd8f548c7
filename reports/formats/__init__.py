"""One writer for each file format, all from the same `Document`.

A writer returns or saves the bytes of its format. It counts nothing and words nothing: that belongs to figures/ and
text/. html/ holds the web page and the index of all bulletins, paper/ the PDF and the DOCX; a format of one module is
a module here.
"""
