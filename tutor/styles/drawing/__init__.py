"""Drawings as plain values: geometry for SVG, and the highlighted lines of files. Pure; templates render them."""
