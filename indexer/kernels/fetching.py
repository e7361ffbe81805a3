"""Asking for memory ahead of its use: documents are read at random, and one arrives while another is worked on.

Numba does not see a change here until ``compiled`` changes too; no result depends on it.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

_BYTE, _WORD = ir.IntType(8), ir.IntType(32)
_TO_READ, _TO_KEEP, _DATA = ir.Constant(_WORD, 0), ir.Constant(_WORD, 3), ir.Constant(_WORD, 1)


@intrinsic
def _fetch(typing_context: Any, array: Any, row: Any, line: Any) -> Any:  # noqa: ARG001  (numba's signature)
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        memory, at, further = arguments
        own = context.make_array(signature.args[0])(context, builder, memory)
        start = builder.bitcast(own.data, _BYTE.as_pointer())
        bytes_on = builder.mul(at, builder.extract_value(own.strides, 0))
        place = builder.gep(start, [builder.add(bytes_on, builder.shl(further, further.type(6)))])
        kind = ir.FunctionType(ir.VoidType(), [place.type, _WORD, _WORD, _WORD])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")  # type: ignore[no-untyped-call]
        builder.call(function, [place, _TO_READ, _TO_KEEP, _DATA])
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp), generate


fetch: Any = _fetch
"""``fetch(array, row, line)`` asks for 64 bytes of an array's memory: LLVM's ``prefetch``, which never faults.

They are those of the given line of 64 bytes, counted from where a row of its first axis begins.
"""
