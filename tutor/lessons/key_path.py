"""The place of a value in a TOML file or in what was read from one."""

KeyPath = tuple[str | int, ...]
"""Keys and indexes from the top, such as ("steps", 2, "on"); () is the whole file."""
