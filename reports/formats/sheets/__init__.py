"""Workbooks that people open in Excel or WPS, and the CSV beside them: the annex of a bulletin, and the worklists.

Both are made with one `Book`, which gives every sheet its head, its page setup and the mark of synthetic data, and
writes words as words. Which rows a sheet holds is decided by figures/ and by marts.worklist; nothing is counted here.
"""
