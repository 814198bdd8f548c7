"""The official layout on paper (GB/T 9704-2012) as PDF and DOCX.

pdf.py and bulletin.typ make the PDF: bulletin.typ sets its page. docx.py, docx_page.py and docx_table.py make the DOCX:
docx_page.py sets its page and styles. measures.py computes the sizes and line breaks that both formats share. The
content comes from the document model.
"""
