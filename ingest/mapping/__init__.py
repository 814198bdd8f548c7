"""What a mapping and a contract may say: they are read, validated and explained here.

Contracts in `contracts/` name the columns of each dataset; a mapping in a jurisdiction's `sources/` says how one
system's export becomes that dataset. No export file is opened here. The other rooms
receive typed, valid contracts and sources.
"""
