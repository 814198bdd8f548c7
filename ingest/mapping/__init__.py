"""Reads, validates and describes contracts and mappings.

Contracts in `contracts/` name the columns of each dataset; a mapping in a jurisdiction's `sources/` says how one
system's export becomes that dataset. The other rooms receive typed, valid contracts and sources. Nothing here opens an
export file.
"""
