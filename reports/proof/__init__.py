"""Proof that a bulletin prints what the warehouse holds.

`verify_figures` counts every figure again from the facts. `verify` compares a folder's files with a fresh rendering,
and `presentation` the numbers of a new draft with their rows; `printed` reads a file back. `adopt` takes the words
edited in a DOCX back into the office's text. All report differences and write nothing.
"""
