"""QR codes, by segno."""

from __future__ import annotations

import io

import segno


def qr_of(address: str) -> bytes:
    """Return the QR code of an address as an SVG document, without a border."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=2, scale=8, xmldecl=False, light="#fff", omitsize=False)
    return out.getvalue()
