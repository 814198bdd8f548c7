"""Help for whoever configures a county: draft its folder or one mapping from exports, check and rehearse it.

`sniff`, `names`, `group` and `recognise` find out what unknown exports hold, the `draft_…` modules write it down, and
`check_folder`, `rehearse` and `rehearse_run` try a folder. Nothing is written to a warehouse. The command line prints
or saves what these modules return.
"""
