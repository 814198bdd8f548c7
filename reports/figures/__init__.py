"""Reads the marts and `quality` into plain Python values: figures, definitions, provenance.

Nothing is worded or drawn here. Text, charts and documents receive `Figures`.
"""
