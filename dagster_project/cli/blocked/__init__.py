"""Commands for a run that a check stopped: accept a finding, look at what was set aside, discard the candidate."""
