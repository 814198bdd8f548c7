"""Proof that a bulletin prints what the warehouse holds.

`verify_figures` counts every figure again from the facts. `verify` compares a folder's files with a fresh rendering,
which `printed` reads back. All report differences and change nothing.
"""
