"""Tests of reports/formats: each file is read back and compared with the document."""
