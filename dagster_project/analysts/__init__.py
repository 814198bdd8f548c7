"""What analysts get besides the published file itself: its dictionary, and its tables as Parquet.

Everything here only reads the published file, and counts nothing.
"""
