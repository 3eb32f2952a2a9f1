"""What is wished for dropped files: ``fanfold.toml`` in their folder, or in one above it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from fanfold import keys, workspace
from fanfold.errors import InvalidFolderOptions, InvalidRequest, RequestError
from fanfold.model import Options
from fanfold.ports import ObjectStore
from fanfold.stages import options
from fanfold.stages.languages import Languages


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """Reads the options of dropped files; ``defaults`` where no folder has any."""

    objects: ObjectStore
    languages: Languages
    defaults: Options
    temporary: Path

    def __call__(self, key: str) -> Options:
        """Return the options of the file with this key. Raises InvalidFolderOptions.

        The nearest ``fanfold.toml`` counts, by itself: those above it are not looked at.
        """
        for place in keys.folder_options(key):
            said = self._said(place)
            if said is not None:
                return self._understood(place, said)
        return self.defaults

    def _said(self, place: str) -> bytes | None:
        with workspace.folder(self.temporary) as folder:
            path = folder / keys.FOLDER_OPTIONS
            if not self.objects.download(place, None, path):
                return None
            with path.open("rb") as file:
                return file.read(keys.FOLDER_OPTIONS_BYTES + 1)

    def _understood(self, place: str, said: bytes) -> Options:
        try:
            if len(said) > keys.FOLDER_OPTIONS_BYTES:
                raise InvalidRequest(f"It has more than {keys.FOLDER_OPTIONS_BYTES} bytes.")
            wished = tomllib.loads(said.decode("utf-8-sig"))
            return options.parse(_plain(wished), self.languages, self.defaults)
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, RequestError) as error:
            name = place.removeprefix(keys.INBOX)
            raise InvalidFolderOptions(f"{name} is not understood: {error}") from error


def _plain(wished: dict[str, object]) -> dict[str, object]:
    """Let languages be a list, as outputs may be."""
    languages = wished.get("languages")
    if isinstance(languages, list) and all(isinstance(one, str) for one in languages):
        return {**wished, "languages": "+".join(languages)}
    return wished
