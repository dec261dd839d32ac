"""Compiling the engine as one unit: every function typed once, all of them optimised once.

Numba by itself optimises each function together with everything it calls, and makes machine
code of each: along a chain of calls the work grows with the square of its length, and for the
hundred and more functions here it is most of the time that compiling takes. So inner functions
stop at LLVM's intermediate code (`Part`), and the one function that Python calls gathers them,
each once, hides them from everybody else and is optimised as a whole (`Whole`). Passes for what
the engine never uses (closures, lists, `with`, object mode) are left out.

This leans on classes of Numba that are no public interface: libraries of code, passes and their
manager. They have been as they are for many years, and nothing here changes what is computed.
"""

from typing import Any

from llvmlite import binding  # type: ignore[import-untyped]
from numba.core import codegen, compiler, typed_passes, untyped_passes
from numba.core.compiler_machinery import FunctionPass, PassManager, register_pass
from numba.core.ir_utils import remove_dels

from sim.engine.fast.views import accessors
from sim.engine.notices import about_to_compile

Numbas = Any
"""What Numba keeps about a function while it compiles it; it has no types of its own."""

APART: set[str] = set()
"""Names of functions that are not to be put into those that call them."""
_answers: dict[Any, Any] = {}


class Part(codegen.JITCodeLibrary):
    """The intermediate code of one function; what it calls stands beside it."""

    def add_llvm_module(self, ll_module: Numbas) -> None:
        """Take the code as it is."""
        self._final_module.link_in(ll_module)

    def finalize(self) -> None:
        """End it without optimising anything."""
        self._finalized = True


class Whole(codegen.JITCodeLibrary):
    """The machine code of the function that Python calls, with all its parts."""

    fixed = False
    """Whether fields that a lean plan never changes are constants."""

    def add_llvm_module(self, ll_module: Numbas) -> None:
        """Take the code as it is; it is optimised at the end."""
        self._final_module.link_in(ll_module)

    def finalize(self) -> None:
        """Link every part once and hide it, so that only what is needed remains."""
        known = {each.name for each in self._final_module.functions}
        for each in _all_parts(self._linking_libraries):
            self._final_module.link_in(each._final_module, preserve=True)
        self._final_module.link_in(self._accessors())
        for function in self._final_module.functions:
            if not function.is_declaration and function.name not in known:
                function.linkage = binding.Linkage.internal
        self._linking_libraries = []
        super().finalize()  # type: ignore[no-untyped-call]

    def _accessors(self) -> Numbas:
        """What the parts left open: where some fields of records are."""
        module = binding.parse_assembly(accessors(fixed=self.fixed))
        module.triple = self._final_module.triple
        module.data_layout = self._final_module.data_layout
        return module


def _all_parts(first: list[Numbas]) -> list[Numbas]:
    """These parts and all that they call, each once."""
    found: dict[int, Numbas] = {}
    waiting = list(first)
    while waiting:
        part = waiting.pop()
        if id(part) not in found:
            found[id(part)] = part
            waiting.extend(part._linking_libraries)
    return list(found.values())


class _Remembering:
    """Numba's rules for types, asked only once for each call with the same types.

    Each operator has dozens of rules, all of which Numba tries at every place of a program.
    """

    def __init__(self, rules: Numbas) -> None:
        self._rules = rules

    def __getattr__(self, name: str) -> Numbas:
        return getattr(self._rules, name)

    def resolve_function_type(self, func: Numbas, args: Numbas, kws: Numbas) -> Numbas:
        """The signature of a call."""
        call = (func, tuple(args), tuple(sorted(dict(kws).items())))
        if call not in _answers:
            _answers[call] = self._rules.resolve_function_type(func, args, kws)
        return _answers[call]


@register_pass(mutates_CFG=True, analysis_only=False)
class _Infer(typed_passes.NopythonTypeInference):
    """Type inference with a memory."""

    _name = "infer_with_memory"

    def run_pass(self, state: Numbas) -> bool:
        """Infer all types."""
        rules = state.typingctx
        state.typingctx = _Remembering(rules)
        try:
            return bool(super().run_pass(state))  # type: ignore[no-untyped-call]
        finally:
            state.typingctx = rules


@register_pass(mutates_CFG=False, analysis_only=False)
class _WithoutDels(FunctionPass):
    """Drop the marks of where variables end, which a later pass sets anew."""

    _name = "without_dels"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Numbas) -> bool:
        """Drop them."""
        remove_dels(state.func_ir.blocks)
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerPart(typed_passes.NativeLowering):
    """Lower a function to intermediate code and go no further."""

    _name = "lower_part"

    def run_pass(self, state: Numbas) -> bool:
        """Lower it, and register the part under something that callers find it by."""
        target = state.targetctx
        state.library = Part(target.codegen(), state.func_id.func_qualname)  # type: ignore[no-untyped-call]
        state.flags.no_compile = True
        super().run_pass(state)  # type: ignore[no-untyped-call]
        lowered = state["cr"]
        if state.func_id.func_qualname in APART:
            body = state.library.get_function(lowered.fndesc.llvm_func_name)
            body.add_function_attribute("noinline")
        # Callers find a function by its machine code, for which any built-in method can stand.
        entry = [lowered.fndesc].copy
        target.insert_user_function(entry, lowered.fndesc, [state.library])
        state["cr"] = lowered._replace(cfunc=entry)
        return True


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerWhole(typed_passes.NativeLowering):
    """Lower the function that Python calls, with all its parts."""

    _name = "lower_whole"

    def run_pass(self, state: Numbas) -> bool:
        """Lower it as Numba does, but into a library that gathers its parts."""
        state.library = Whole(state.targetctx.codegen(), state.func_id.func_qualname)  # type: ignore[no-untyped-call]
        state.library.fixed = state.metadata["fixed"]
        state.library.enable_object_caching()
        return bool(super().run_pass(state))  # type: ignore[no-untyped-call]


def _passes(state: Numbas, lowering: type) -> PassManager:
    del state
    manager = PassManager("engine")
    for each in (
        untyped_passes.TranslateByteCode,
        untyped_passes.FixupArgs,
        untyped_passes.IRProcessing,
        _WithoutDels,
        untyped_passes.GenericRewrites,
        untyped_passes.ReconstructSSA,
        _Infer,
        typed_passes.PreLowerStripPhis,
        typed_passes.IRLegalization,
        typed_passes.AnnotateTypes,
        lowering,
        typed_passes.NoPythonBackend,
    ):
        manager.add_pass(each, each.__name__)
    manager.finalize()
    return manager


class PartCompiler(compiler.CompilerBase):
    """Compiles an inner function."""

    def define_pipelines(self) -> list[PassManager]:
        """The one way there is."""
        return [_passes(self.state, _LowerPart)]


class WholeCompiler(compiler.CompilerBase):
    """Compiles the function that Python calls, for any plan."""

    fixed = False

    def define_pipelines(self) -> list[PassManager]:
        """The one way there is."""
        about_to_compile()
        self.state.metadata["fixed"] = self.fixed
        return [_passes(self.state, _LowerWhole)]


class LeanCompiler(WholeCompiler):
    """The same for lean plans: what they never change is constant."""

    fixed = True
