"""One writer for each file format, all from the same `Document`.

Nothing is counted or worded here. Each writer returns or saves the bytes of its format.
"""
