"""Which mutants: chosen by a seed, as many from every part, at most one on a line."""

import ast
import difflib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from tests.mutants.operators import may_be_broken, mutations


@dataclass(frozen=True)
class Mutant:
    """One broken line. `file` is relative to the root; `lines` are the first and last line of the broken statement;
    `runs_once` where it stands in no function, so that it runs when the module is imported."""

    file: str
    line: int
    lines: tuple[int, int]
    function: str
    source: str
    before: str
    after: str
    runs_once: bool = False

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names it in the file of accepted survivors: not the line number, which moves."""
        return self.file, self.function, self.before, self.after


@dataclass(frozen=True)
class Place:
    """A node that an operator can break."""

    node: cst.CSTNode
    line: int
    lines: tuple[int, int]
    function: str
    runs_once: bool


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.places: list[Place] = []
        self._names: list[str] = []
        self._bodies: list[cst.BaseSuite] = []
        self._inside = 0
        self._statements: list[tuple[int, int]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if not may_be_broken(node):
            return False
        if isinstance(node, cst.ClassDef):
            # Options of a class (frozen, gc) are about cost and safety of use; its body is visited by itself.
            self._names.append(node.name.value)
            node.body.visit(self)
            self._names.pop()
            return False
        if isinstance(node, cst.FunctionDef):
            self._names.append(node.name.value)
            self._bodies.append(node.body)
        if node in self._bodies:
            self._inside += 1
        if isinstance(node, cst.SimpleStatementLine | cst.If | cst.For | cst.While | cst.With | cst.Match):
            self._statements.append(self._span(node))
        if mutations(node):
            first = self._span(node)[0]
            span = self._statements[-1] if self._statements else (first, first)
            self.places.append(Place(node, first, span, ".".join(self._names), not self._inside))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef):
            self._names.pop()
        if original_node in self._bodies:
            self._inside -= 1
        if isinstance(
            original_node, cst.SimpleStatementLine | cst.If | cst.For | cst.While | cst.With | cst.Match
        ) and may_be_broken(original_node):
            self._statements.pop()

    def _span(self, node: cst.CSTNode) -> tuple[int, int]:
        """The lines of a statement; of one with a body, those of its head."""
        position = self.get_metadata(PositionProvider, node, None)
        if position is None:  # an operator such as `<`: it stands where the statement does
            return self._statements[-1] if self._statements else (1, 1)
        body = getattr(node, "body", None)
        end = position.end.line
        if isinstance(body, cst.IndentedBlock):
            end = max(position.start.line, self.get_metadata(PositionProvider, body).start.line - 1)
        return position.start.line, end


def choose(root: Path, parts: Sequence[Sequence[str]], count: int, seed: int) -> list[Mutant]:
    """`count` mutants of the files below `root`, the same for the same sources and seed.

    Each part is a list of glob patterns of folders and gets the same share; what a small part cannot give goes to the
    others. Mutants of all parts come in turn, so that a run that is cut short has seen each of them.
    """
    waiting = [_mutants(root, patterns, random.Random(f"{seed} {number}")) for number, patterns in enumerate(parts)]
    chosen: list[Mutant] = []
    while waiting and len(chosen) < count:
        for stream in list(waiting):
            found = next(stream, None)
            if found is None:
                waiting.remove(stream)
            elif len(chosen) < count:
                chosen.append(found)
    return chosen


def _mutants(root: Path, patterns: Sequence[str], chance: random.Random) -> Iterator[Mutant]:
    """The mutants of one part in an order of chance: files by their number of lines, then lines of the file."""
    lines = {file: file.read_text().count("\n") for file in _files(root, patterns)}
    found: dict[Path, Iterator[Mutant]] = {}
    while lines:
        (file,) = chance.choices(list(lines), list(lines.values()))
        if file not in found:
            found[file] = _mutants_of_file(root, file, chance)
        mutant = next(found[file], None)
        if mutant is None:
            del lines[file]
        else:
            yield mutant


def _files(root: Path, patterns: Sequence[str]) -> list[Path]:
    found = {file for pattern in patterns for folder in root.glob(pattern) for file in folder.rglob("*.py")}
    return sorted(file for file in found if "migrations" not in file.parts and file.read_text().strip())


def _mutants_of_file(root: Path, file: Path, chance: random.Random) -> Iterator[Mutant]:
    source = file.read_text()
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    finder = _Finder()
    wrapper.visit(finder)
    by_line: dict[int, list[Place]] = {}
    for place in finder.places:
        by_line.setdefault(place.line, []).append(place)
    for line in chance.sample(sorted(by_line), len(by_line)):
        mutant = _mutant_of_line(wrapper.module, source, str(file.relative_to(root)), by_line[line], chance)
        if mutant:
            yield mutant


def _mutant_of_line(
    module: cst.Module, source: str, file: str, places: list[Place], chance: random.Random
) -> Mutant | None:
    for place in chance.sample(places, len(places)):
        options = mutations(place.node)
        for mutated in chance.sample(options, len(options)):
            broken = module.deep_replace(place.node, mutated)
            assert isinstance(broken, cst.Module)
            if _differs(source, broken.code):
                before, after = _difference(source, broken.code)
                return Mutant(
                    file, place.line, place.lines, place.function, broken.code, before, after, place.runs_once
                )
    return None


def _differs(source: str, broken: str) -> bool:
    try:
        return ast.dump(ast.parse(source)) != ast.dump(ast.parse(broken))
    except SyntaxError:
        return False


def _difference(source: str, broken: str) -> tuple[str, str]:
    """The changed lines before and after, without indentation."""
    changed = list(difflib.unified_diff(source.splitlines(), broken.splitlines(), n=0, lineterm=""))[2:]
    sides = ([line[1:].strip() for line in changed if line[0] == sign] for sign in "-+")
    before, after = ("\n".join(side) for side in sides)
    return before, after
