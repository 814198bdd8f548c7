"""Help for whoever writes a mapping: look into an unknown export, guess its dataset, draft the mapping, rehearse it.

Nothing is written to the warehouse. The command line prints or saves the draft.
"""
