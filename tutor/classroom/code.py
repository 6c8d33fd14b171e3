"""The code of a room: short enough to type, and without characters that look alike. Pure."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Digits and letters that are hard to confuse with each other, and that make few words."""
LENGTH = 6


def new_code() -> str:
    """Return a random code (29 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def code_in(text: str) -> str:
    """Return the code that somebody has typed, however it is spaced; "" if it isn't one."""
    code = "".join(text.upper().split()).replace("-", "")
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def spoken(code: str) -> str:
    """Return a code in two groups, as it is shown."""
    return f"{code[: LENGTH // 2]} {code[LENGTH // 2 :]}"
