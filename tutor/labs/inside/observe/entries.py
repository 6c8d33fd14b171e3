"""How it shows that a task's function is entered, which a call alone doesn't say, and with which arguments."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import partial
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType
from typing import Any


def entry_of(func: Any) -> CodeType | BuiltinFunctionType | None:
    """Return what Python enters when `func` is called: the code of a frame, or a function in C.

    None if a profile function couldn't notice it, as for types and objects in C.
    """
    if isinstance(func, partial):
        return entry_of(func.func)
    if isinstance(func, FunctionType | MethodType):
        code: CodeType | None = getattr(func, "__code__", None)
        return code
    if isinstance(func, BuiltinFunctionType):
        return func
    method = getattr(func, "__init__") if isinstance(func, type) else type(func).__call__  # noqa: B009
    return method.__code__ if isinstance(method, FunctionType) else None


def body_that_waits(func: Any) -> str:
    """Return why nothing of the body of `func` runs when it is called; empty if it does run.

    A call of a coroutine function only makes a coroutine, which runs when something awaits it, and so on.
    """
    while isinstance(func, partial):
        func = func.func
    name = getattr(func, "__name__", type(func).__name__)
    body = func if inspect.isroutine(func) else type(func).__call__
    if inspect.iscoroutinefunction(body):
        return f"{name} is a coroutine function: the call made a coroutine, which was never awaited"
    if inspect.isgeneratorfunction(body) or inspect.isasyncgenfunction(body):
        return f"{name} is a generator function: the call made a generator, which was never iterated over"
    return ""


def swallowed(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """Return the names of parameters of `func` that got no argument because `async_task` took it as an option."""
    if not options:
        return ""
    try:
        signature = inspect.signature(func)
        bound = signature.bind_partial(*args, **kwargs).arguments
    except (TypeError, ValueError):  # It has no signature, or the arguments don't fit.
        return ""
    named = (
        each for each in signature.parameters.values() if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)
    )
    return ", ".join(each.name for each in named if each.name in options and each.name not in bound)
