"""`fanfold completion`: commands, options and their values at the touch of the tab key."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_NAME = "fanfold"
_VARIABLE = "_FANFOLD_COMPLETE"
"""By which click knows that a shell asks, not a person; from the program's name."""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, *, shell: str) -> None:
    """Print what makes a shell complete fanfold's commands.

    For bash: eval "$(fanfold completion bash)" in ~/.bashrc; zsh alike in ~/.zshrc; for fish:
    fanfold completion fish > ~/.config/fish/completions/fanfold.fish
    """
    script = get_completion_class(shell)
    assert script is not None  # click knows all three
    click.echo(script(context.find_root().command, {}, _NAME, _VARIABLE).source())
