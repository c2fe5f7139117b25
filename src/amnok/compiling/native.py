"""What Numba makes of rules, steps, and the kernels that are made of them.

Parts of kernels are typed once for each set of argument types and written into their callers.
Numba's own `inline="always"` copies a function's statements into its caller before types are known.
A day is one kernel of some four thousand statements, and several of Numba's passes take time that
grows with the square of that. A part is typed and translated by itself; then LLVM copies it into
its callers. No machine code is made of it alone, so LLVM too works on each statement once
(docs/decisions/0019-parts-and-kernels.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.registry import CPUDispatcher

from amnok.compiling.code_cache import CodeCache


class _PartLibrary(JITCodeLibrary):  # type: ignore[misc]
    """The code of a part and of the parts it calls, neither optimised nor loaded by itself."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


class _CalledLibrary(_PartLibrary):
    """The same for a part that stays a function of its own within the kernel."""

    def add_ir_module(self, module: Any) -> None:
        for function in module.functions:
            if not function.is_declaration:
                function.attributes.add("noinline")
        super().add_ir_module(module)


class _PartCompiler(Compiler):  # type: ignore[misc]
    """Numba's compiler as far as LLVM's language."""

    def define_pipelines(self) -> Any:
        state = self.state
        library = _PartLibrary if state.flags.forceinline else _CalledLibrary
        state.library = library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        return super().define_pipelines()


class _WithinCallers:
    """Stands in for the address of a part's code, which lies within its callers."""


class Part(CPUDispatcher):  # type: ignore[misc]
    """A function that kernels are made of; called from Python, it runs as Python."""

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        no_wrappers = {"nopython": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        super().__init__(
            function, targetoptions={**no_wrappers, **options}, pipeline_class=_PartCompiler
        )

    def add_overload(self, compiled: Any) -> None:
        """Keep what was made for one set of argument types."""
        compiled = compiled._replace(entry_point=_WithinCallers())
        self.targetctx.insert_user_function(
            compiled.entry_point, compiled.fndesc, [compiled.library]
        )
        self.overloads[tuple(compiled.signature.args)] = compiled

    def _compile_for_args(self, *arguments: Any, **named: Any) -> Any:
        """What a call from Python runs: no code for it is ever on offer."""
        return self.py_func


class Entry(CPUDispatcher):  # type: ignore[misc]
    """A compiled function that Python calls; its code is kept. What is compiled calls its part."""

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        super().__init__(function, targetoptions={"nopython": True, **options})
        self._cache = CodeCache(function)
        self._part = Part(function, **options)

    def is_at_hand(self) -> bool:
        """Whether its code was compiled before and is kept."""
        return bool(self.overloads) or self._cache.is_at_hand()

    def get_call_template(self, arguments: Any, named: Any) -> Any:
        """What a function under compilation is told of this one."""
        return self._part.get_call_template(arguments, named)

    def get_overload(self, signature: Any) -> Any:
        """Where it finds it."""
        return self._part.get_overload(signature)
