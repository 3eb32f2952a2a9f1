"""What holds for the API's name, if it has one."""

from __future__ import annotations

from collections.abc import Iterator

from tests.infra.rules_api import ANY, OPEN
from tests.infra.stack import NOTHING, Broken, Stack

TARGET = {
    "DNSName": {"Fn::GetAtt": ["Name", "RegionalDomainName"]},
    "HostedZoneId": {"Fn::GetAtt": ["Name", "RegionalHostedZoneId"]},
}
FAILOVER = {
    "SetIdentifier": {"Ref": "AWS::Region"},
    "Failover": {"Fn::FindInMap": ["Failover", {"Ref": "Routing"}, "record"]},
    "HealthCheckId": {"Ref": "Health"},
}


def the_name_speaks_the_tls_that_was_chosen(stack: Stack) -> Iterator[str]:
    for name, has in stack.of("AWS::ApiGateway::DomainName"):
        if has.get("SecurityPolicy") != {"Ref": "TlsPolicy"}:
            yield f"{name} speaks {has.get('SecurityPolicy')}"
        if has.get("EndpointAccessMode") != {"Fn::If": ["Strict", "STRICT", NOTHING]}:
            yield f"{name} answers under names that are not its own"


def the_certificate_renews_itself(stack: Stack) -> Iterator[str]:
    for name, has in stack.of("AWS::CertificateManager::Certificate"):
        [option] = has.get("DomainValidationOptions") or [{}]
        if has.get("ValidationMethod") != "DNS" or "HostedZoneId" not in option:
            yield f"{name} waits for somebody's mail"


def the_name_leads_to_the_apis_only_stage(stack: Stack) -> Iterator[str]:
    [(_, mapping)] = stack.of("AWS::ApiGateway::BasePathMapping")
    if mapping.get("BasePath"):
        yield "links of the API lead past the name"
    if (mapping["RestApiId"], mapping["Stage"]) != ({"Ref": "Api"}, {"Ref": "Stage"}):
        yield "the name leads elsewhere"


def the_name_is_found_by_both_kinds_of_address(stack: Stack) -> Iterator[str]:
    records = dict(stack.of("AWS::Route53::RecordSet"))
    if sorted(has["Type"] for has in records.values()) != ["A", "AAAA"]:
        yield "some callers do not find the name"
    for name, has in records.items():
        if has.get("AliasTarget") != TARGET:
            yield f"{name} leads elsewhere"
    kind = stack.properties("Name")["EndpointConfiguration"].get("IpAddressType")
    if kind != "dualstack":
        yield "the AAAA record leads nowhere"


def the_other_region_takes_over_when_this_one_is_ill(stack: Stack) -> Iterator[str]:
    for name, has in stack.of("AWS::Route53::RecordSet"):
        for part, value in FAILOVER.items():
            if has.get(part) != {"Fn::If": ["FailsOver", value, NOTHING]}:
                yield f"{name} has the {part} {has.get(part)}"


def health_is_asked_of_the_region_itself(stack: Stack) -> Iterator[str]:
    asks = stack.properties("Health")["HealthCheckConfig"]
    own = {"Fn::Sub": "${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"}
    if asks["FullyQualifiedDomainName"] != own:
        yield "health is asked of whichever region answers"
    if asks["Type"] != "HTTPS" or asks.get("EnableSNI") is not True:
        yield "health is asked without TLS"
    path = asks["ResourcePath"].get("Fn::Sub", "").removeprefix("/${Stage}")
    if (path, ANY) not in OPEN:
        yield f"{path} answers only those who sign"


BROKEN: list[Broken] = [
    (the_name_speaks_the_tls_that_was_chosen, "Name/Properties/SecurityPolicy", None),
    (the_name_speaks_the_tls_that_was_chosen, "Name/Properties/EndpointAccessMode", "BASIC"),
    (the_certificate_renews_itself, "Certificate/Properties/ValidationMethod", "EMAIL"),
    (the_certificate_renews_itself, "Certificate/Properties/DomainValidationOptions", None),
    (the_name_leads_to_the_apis_only_stage, "Mapping/Properties/RestApiId", {"Ref": "Other"}),
    (the_name_leads_to_the_apis_only_stage, "Mapping/Properties/Stage", "Prod"),
    (the_name_is_found_by_both_kinds_of_address, "AddressV6", None),
    (the_name_is_found_by_both_kinds_of_address, "Address/Properties/AliasTarget/DNSName", "x"),
    (
        the_name_is_found_by_both_kinds_of_address,
        "Name/Properties/EndpointConfiguration/IpAddressType",
        None,
    ),
    (
        the_other_region_takes_over_when_this_one_is_ill,
        "Address/Properties/HealthCheckId",
        None,
    ),
    (
        the_other_region_takes_over_when_this_one_is_ill,
        "AddressV6/Properties/SetIdentifier/Fn::If/1",
        "one",
    ),
    (
        health_is_asked_of_the_region_itself,
        "Health/Properties/HealthCheckConfig/FullyQualifiedDomainName",
        {"Ref": "DomainName"},
    ),
    (
        health_is_asked_of_the_region_itself,
        "Health/Properties/HealthCheckConfig/ResourcePath/Fn::Sub",
        "/${Stage}/v1/documents",
    ),
    (health_is_asked_of_the_region_itself, "Health/Properties/HealthCheckConfig/Type", "HTTP"),
]
