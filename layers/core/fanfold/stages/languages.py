"""Languages: those of the OCR layer, and those whose data lies in the bucket."""

from __future__ import annotations

from dataclasses import dataclass

from fanfold import keys
from fanfold.formats import language_tags
from fanfold.ports import ObjectStore


@dataclass(frozen=True, slots=True)
class Languages:
    """What can be asked for. The bucket is only asked when the layer's own do not suffice."""

    installed: tuple[str, ...]
    objects: ObjectStore

    def missing(self, wanted: list[str]) -> list[str]:
        """Return those of ``wanted`` that there is no data for."""
        if set(wanted) <= set(self.installed):
            return []
        there = self.all()
        return [name for name in wanted if name not in there]

    def named(self, name: str) -> str:
        """Return tesseract's name of a language that may be named as the web does: ``de``."""
        return name if name in self.installed else language_tags.named(name)

    def all(self) -> tuple[str, ...]:
        """Return every language there is, sorted."""
        return tuple(sorted({*self.installed, *packs(self.objects)}))


def packs(objects: ObjectStore) -> tuple[str, ...]:
    """Return the languages whose data lies in the bucket."""
    return tuple(filter(None, map(keys.parse_language_pack, objects.list_keys(keys.TESSDATA))))
