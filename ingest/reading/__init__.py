"""Bytes become records: encodings, CSV, workbooks and web tables all end as one plain CSV with a known header.

These modules detect what a file is from its bytes and compare its header with the mapping. They know no types and
no rules. They hand the rows room batches of decoded files with the same layout.
"""
