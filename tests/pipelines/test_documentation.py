"""Documentation names every command, option, setting and exit code."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
import typer

from pipelines.cli import commands
from pipelines.cli.app import app
from store.errors import ExitCode
from store.settings import Settings

COMMANDS = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")


def _commands() -> list[tuple[str, list[str]]]:
    commands.register(app)
    found: list[tuple[str, list[str]]] = []

    def walk(command: object, name: str) -> None:
        children = getattr(command, "commands", None)
        if children:
            for child_name, child in children.items():
                walk(child, f"{name} {child_name}".strip())
        else:
            options = [opt for param in command.params for opt in param.opts if opt.startswith("--")]  # type: ignore[attr-defined]
            found.append((name, [option for option in options if option != "--help"]))

    walk(typer.main.get_command(app), "")
    return found


def test_every_command_and_option_is_documented() -> None:
    found = _commands()
    assert {name for name, _ in found} >= {"demo", "research", "roster import", "verify", "doctor"}
    for name, options in found:
        line = next((line for line in COMMANDS.splitlines() if line.startswith(f"| `{name}")), "")
        assert line, f"docs/commands.md does not name the command {name}"
        for option in options:
            if option not in {"--serve"}:
                assert option in line, f"docs/commands.md does not name {option} of {name}"


@pytest.mark.parametrize("spec", fields(Settings), ids=lambda spec: spec.name)
def test_every_setting_is_documented(spec: object) -> None:
    assert f"`{spec.metadata['variable']}`" in COMMANDS  # type: ignore[attr-defined]
    assert spec.metadata["doc"] in COMMANDS  # type: ignore[attr-defined]


def test_every_exit_code_is_documented() -> None:
    for code in ExitCode:
        assert f"\n| {int(code)} |" in COMMANDS
