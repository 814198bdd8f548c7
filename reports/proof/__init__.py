"""Proof that a bulletin prints what the warehouse holds.

`verify_figures` counts every figure again from the facts. `verify` compares a folder's files with a fresh rendering;
`printed` reads the numbers back from each file. All three report differences and change nothing.
"""
