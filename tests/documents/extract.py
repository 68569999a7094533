"""Every command in every document, with file and line.

Belongs here: what is a document, what is a command in it. Not here: how a command is tried (commands.yml, room.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

WRITTEN = ("README.md", "CONTRIBUTING.md", "docs/**/*.md", "warehouse/README.md", "warehouse/examples/*", "raw/README.md", "raw/synthetic/README.md")  # fmt: skip
SHELL = ("", "sh", "bash", "shell", "console")
WORDS = (
    "fodfaeste", ".venv/bin/", "make", "python", "python3", "duckdb", "export", "uv", "rm", "git", "dbt", "dagster", "Rscript", "pspp", "pytest", "pip", "cp", "mv", "mkdir", "chmod", "kill", "ps", "df", "cd", "source",
    "gunzip", "sha256sum", "curl", "ls", "cat", "printf", "echo", "install", "crontab", "systemctl", "docker", "npm", "Rscript", "R", "ruff", "mypy", "sqlfluff", "xdg-open", "open", "ln", "tar", "unzip", "less", "head",
)  # fmt: skip
# In running text only what is plainly typed: `make` and `open` are also words.
INLINE = ("fodfaeste", ".venv/bin/", "make", "python", "python3", "duckdb", "export", "uv", "rm", "git", "dbt", "dagster", "Rscript", "pytest")  # fmt: skip
_ASSIGNED = r"(?:[A-Z][A-Z_0-9]*=\S*\s+)*"
_FENCE = re.compile(r"^\s*(```+|~~~+)\s*(\w*)")


@dataclass(frozen=True)
class Command:
    """A command as a reader would type it, without comment and prompt, continued lines joined."""

    file: str
    line: int
    text: str

    @property
    def place(self) -> str:
        """file:line, as editors open it."""
        return f"{self.file}:{self.line}"


def documents() -> list[Path]:
    """Every document that a person reads, in order."""
    found = {path for pattern in WRITTEN for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if "__pycache__" not in path.parts and path.suffix not in (".png", ".svg"))


def commands() -> list[Command]:
    """Every command of the documents, of the command line's own help and of `make help`."""
    return [
        *(command for path in documents() for command in commands_of(path)),
        *_of_command_line(),
        *_of_makefile(),
    ]


def commands_of(path: Path) -> list[Command]:
    """The commands of one document: in fenced blocks without another language, and in running text or comments between backticks."""
    name, lines = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8").splitlines()
    blocks = list(fences(lines)) if path.suffix == ".md" else []
    inside = {number for block in blocks for number in range(block[0], block[0] + len(block[2]) + 2)}
    found = [
        Command(name, start + 1 + offset, text)
        for start, language, body in blocks
        if language in SHELL
        for offset, text in joined(body)
        if is_command(text, WORDS)
    ]
    for number, line in enumerate(lines, 1):
        if number not in inside:
            found += [Command(name, number, text.strip()) for text in re.findall(r"`([^`]+)`", line) if is_command(text, INLINE)]  # fmt: skip
    return sorted(found, key=lambda command: command.line)


def fences(lines: list[str]) -> Iterator[tuple[int, str, list[str]]]:
    """Fenced blocks: line of the opening fence, language, lines inside."""
    start, language, mark, body = 0, "", "", []
    for number, line in enumerate(lines, 1):
        found = _FENCE.match(line)
        if found and not mark:
            start, mark, language, body = number, found[1], found[2], []
        elif found and found[1] == mark and not found[2]:
            yield start, language, body
            mark = ""
        elif mark:
            body.append(line)


def joined(body: list[str]) -> Iterator[tuple[int, str]]:
    """(offset, command) of a block: prompt and comment taken off, lines that end in a backslash joined."""
    begun, parts = 0, []
    for offset, line in enumerate(body):
        if not parts:
            begun = offset
        text = re.sub(r"\s+#\s.*$", "", re.sub(r"^\s*\$ ", "", line)).strip()
        parts.append(text.removesuffix("\\").strip())
        if not text.endswith("\\"):
            yield begun, " ".join(parts).strip()
            parts = []


def is_command(text: str, words: tuple[str, ...]) -> bool:
    """Whether a text begins, after variables set for it, with a word that is typed; `fodfaeste` alone or `make` alone is a name."""
    bare = re.sub(f"^{_ASSIGNED}", "", text.strip())
    if re.match(r"^(\. |source )\S+/", bare):
        return True
    first, _, rest = bare.partition(" ")
    if not rest and first not in words and not first.startswith(".venv/bin/"):
        return False
    if first in words:
        return bool(rest.strip()) and not rest.startswith(("=", "─", "-> "))
    return first.startswith(".venv/bin/")


def _of_command_line() -> Iterator[Command]:
    from pipelines.cli import EXAMPLES, main

    text = Path(ROOT / "pipelines" / "cli.py").read_text(encoding="utf-8").splitlines()
    for line in EXAMPLES.splitlines():
        if line.startswith("  fodfaeste"):
            number = next(number for number, one in enumerate(text, 1) if one == line)
            yield Command("pipelines/cli.py", number, re.split(r" {2,}", line.strip())[0])
    for name, command in sorted(main.commands.items()):
        for line in (command.epilog or "").splitlines():
            if line.strip().startswith("fodfaeste"):
                yield Command(f"fodfaeste {name} --help", 0, line.strip())


def _of_makefile() -> Iterator[Command]:
    for number, line in enumerate((ROOT / "Makefile").read_text(encoding="utf-8").splitlines(), 1):
        found = re.match(r"\t@echo \"(make [a-z-]+)", line)
        if found:
            yield Command("Makefile", number, found[1])
