"""Tests of reports/charts: what every chart must hold to, the typeface, and the headlines."""
