"""The official layout on paper (GB/T 9704-2012) as PDF and DOCX.

layout.py holds the measures that both formats share; pdf.py and bulletin.typ make the PDF; docx.py, word.py and
word_table.py make the DOCX. The content comes from the document model.
"""
