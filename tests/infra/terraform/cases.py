"""The choices under which both descriptions are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_KEY = "arn:aws:kms:eu-central-1:123456789012:key/ours"
_NAME = {
    "template_url": "https://bucket.s3.amazonaws.com/packaged.yaml",
    "domain_name": "fanfold.example.org",
    "hosted_zone_id": "Z1",
}
_DOMAIN = {
    "DomainName": "fanfold.example.org",
    "HostedZoneId": "Z1",
    "Api": "abc123",  # as the stand-in's stack says
    "Stage": "api",
}


@dataclass(frozen=True, slots=True)
class Case:
    """Variables of infra/terraform, and the parameters that mean the same."""

    variables: Mapping[str, object]
    network: Mapping[str, str]
    domain: Mapping[str, str]


CASES: dict[str, Case] = {
    "as it comes": Case(_NAME, {}, _DOMAIN),
    "sealed, watched": Case(
        {**_NAME, "network": "sealed", "vpc_cidr": "10.20.0.0/16", "routing": "watched"},
        {"Network": "sealed", "VpcCidr": "10.20.0.0/16"},
        {**_DOMAIN, "Routing": "watched"},
    ),
    "everything, primary": Case(
        {
            **_NAME,
            "network": "behind-nat",
            "nat_per_zone": True,
            "outbound_names": ["hooks.example.org", "*.example.com"],
            "zones": 3,
            "zone_names": ["eu-central-1c", "eu-central-1a", "eu-central-1b"],
            "flow_logs": "ALL",
            "log_retention_days": 90,
            "kms_key_arn": _KEY,
            "routing": "primary",
        },
        {
            "Network": "behind-nat",
            "NatPerZone": "true",
            "OutboundNames": "hooks.example.org,*.example.com",
            "Zones": "3",
            "ZoneNames": "eu-central-1c,eu-central-1a,eu-central-1b",
            "FlowLogs": "ALL",
            "LogRetentionDays": "90",
            "KmsKeyArn": _KEY,
        },
        {**_DOMAIN, "Routing": "primary"},
    ),
    "queues behind NAT, three zones, secondary": Case(
        {**_NAME, "network": "behind-nat-sqs", "zones": 3, "routing": "secondary"},
        {"Network": "behind-nat-sqs", "Zones": "3"},
        {**_DOMAIN, "Routing": "secondary"},
    ),
}
