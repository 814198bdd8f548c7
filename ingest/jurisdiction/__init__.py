"""Reads the folder of a jurisdiction, all that makes one county this county, into the schema `reference`.

Whatever differs between counties comes from those files, never from code. Mappings of exports are read in `mapping`,
exports in `landing`, `reading` and `rows`.
"""
