"""A CycloneDX bill of materials: the same parts give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from infra.supply.parts import Part


def render(name: str, version: str, parts: Sequence[Part]) -> str:
    """Return the bill of a thing that is shipped, as JSON."""
    whole = Component(
        name=name,
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref=name,
        licenses=[DisjunctiveLicense(id="Apache-2.0")],
    )
    components = [_component(part) for part in parts]
    bom = Bom(
        components=components,
        serial_number=uuid5(NAMESPACE_URL, "\n".join([name, version, *(p.purl for p in parts)])),
    )
    bom.metadata.component = whole
    bom.metadata.timestamp = None  # type: ignore[assignment] # or two builds would differ
    bom.register_dependency(whole, components)
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _component(part: Part) -> Component:
    return Component(
        name=part.name,
        version=part.version,
        type=ComponentType.LIBRARY,
        bom_ref=part.purl,
        purl=PackageURL.from_string(part.purl),
        licenses=[LicenseFactory().make_from_string(part.licence)],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in part.sha256],
    )
