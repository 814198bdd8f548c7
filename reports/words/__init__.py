"""The bulletin's own words by language: one YAML file a language, and the numbers and dates worded in it.

`catalogue.load_words` returns the `Words` of a language. Names of figures, dimensions and members are no words of this
room: the registry (dbt/figures) has them. Nothing here knows a figure, a chart or a format.
"""
