"""Turns bytes into records: every encoding, CSV, workbook or web table ends as a plain CSV with a known header.

These modules detect the format and the encoding from the bytes, and compare the header with the mapping. They return
batches of decoded files with the same layout. They know no types and no rules: `rows` does.
"""
