"""What becomes of a damaged home: proving that every file is whole (`proof.py`), and making all anew (`anew.py`).

It knows the files of the home and what each is made of. Running a job and printing belong to `cli/`.
"""
