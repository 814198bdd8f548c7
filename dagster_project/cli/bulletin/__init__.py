"""Commands for a bulletin: write it, prove it, take an official's words back, and freeze it."""
