"""The SAM template, read for one machine: names, intrinsics, resources and how they are wired."""

from infra import ROOT

TEMPLATE = ROOT / "template.yaml"
