"""What a PDF of ours says, read without a library: the texts that its pages draw."""

from __future__ import annotations

import re
import zlib


def text_of(pdf: bytes) -> str:
    """All drawn texts of a PDF, one after the other; lines that were broken are joined by a space."""
    assert pdf.startswith(b"%PDF-")
    streams = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)
    drawn = b"".join(zlib.decompress(one) for one in streams if one[:1] == b"x").decode("latin-1")
    texts = re.findall(r"\(((?:[^()\\]|\\.)*)\) Tj", drawn)
    return " ".join(re.sub(r"\\(.)", r"\1", text).strip() for text in texts)
