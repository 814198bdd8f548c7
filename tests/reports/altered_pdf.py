"""Alters what a PDF draws on its first page, as somebody with an editor of PDFs would."""

import re
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise

import pypdf
from pypdf.generic import NameObject, StreamObject


def in_first_page(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """The change made to the operators that draw a PDF's first page."""

    def rewritten(content: bytes) -> bytes:
        writer = pypdf.PdfWriter(clone_from=BytesIO(content))
        page, stream = writer.pages[0], StreamObject()
        stream.set_data(change(page.get_contents().get_data()))
        page[NameObject("/Contents")] = writer._add_object(stream)
        made = BytesIO()
        writer.write(made)
        return made.getvalue()

    return rewritten


def first_number(content: bytes) -> bytes:
    """'34.9' as '43.9' in a PDF: the first two glyphs of the text's first number change places."""
    page = pypdf.PdfReader(BytesIO(content)).pages[0]
    codes = re.findall(r"<(....)> <003([349])>", page["/Resources"]["/Font"]["/f1"]["/ToUnicode"].get_data().decode())
    digits = {bytes.fromhex(code): digit for code, digit in codes}

    def swap(drawn: bytes) -> bytes:
        glyphs = list(re.finditer(rb"\\000(?:\\\d{3}|\\\D|[^\\])", drawn))
        read = [
            digits.get(pypdf.generic.read_string_from_stream(BytesIO(b"(%s)" % g[0])).original_bytes) for g in glyphs
        ]
        three, four = next(
            pair for pair in pairwise(range(len(glyphs))) if [read[place] for place in pair] == ["3", "4"]
        )
        (start, middle), (after, end) = glyphs[three].span(), glyphs[four].span()
        return drawn[:start] + drawn[after:end] + drawn[middle:after] + drawn[start:middle] + drawn[end:]

    return in_first_page(swap)(content)
