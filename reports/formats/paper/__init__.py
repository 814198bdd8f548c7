"""The official layout on paper (GB/T 9704-2012) as PDF and DOCX, and the measures both share.

The content comes from the document model.
"""
