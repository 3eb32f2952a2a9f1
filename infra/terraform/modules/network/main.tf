# Where Fanfold's functions run, and what they can reach from there: infra/aws/network.yaml in
# Terraform. One test computes the same facts from both and compares them (docs/terraform.md).

data "aws_region" "here" {}
data "aws_caller_identity" "me" {}
data "aws_partition" "this" {}
data "aws_availability_zones" "available" {
  state = "available"
  filter { # local zones have no NAT gateways, nor do all have Lambda
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  zones = { for n in range(var.zones) : n + 1 => data.aws_availability_zones.available.names[n] }
  # A zone's outbound subnet, and the zones that have a gateway: none, the first, or each.
  outbound  = var.nat == "none" ? {} : local.zones
  gateways  = var.nat == "none" ? {} : { for n, zone in local.zones : n => zone if var.nat == "per-az" || n == "1" }
  bits      = 24 - tonumber(split("/", var.vpc_cidr)[1]) # a /24 each: .0-.2 sealed, .3-.5 outbound, .6-.8 public
  telemetry = var.interface_endpoints == "sqs+telemetry"
}

resource "aws_vpc" "this" {
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true # without it the endpoints' names lead past them
  tags                 = { Name = var.name }
}

resource "aws_default_security_group" "closed" { # nothing is in it, and nothing should be
  vpc_id = aws_vpc.this.id
}

# ------------------------------------------------------------------------------------ sealed

resource "aws_subnet" "sealed" {
  for_each          = local.zones
  vpc_id            = aws_vpc.this.id
  availability_zone = each.value
  cidr_block        = cidrsubnet(var.vpc_cidr, local.bits, each.key - 1)
  tags              = { Name = "${var.name}-sealed-${each.key}" }
}

resource "aws_route_table" "sealed" { # no route but the VPC's own and those of the gateway endpoints
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-sealed" }
}

resource "aws_route_table_association" "sealed" {
  for_each       = aws_subnet.sealed
  subnet_id      = each.value.id
  route_table_id = aws_route_table.sealed.id
}

resource "aws_security_group" "sealed" { # nothing comes in
  name_prefix = "${var.name}-sealed-"
  description = "Functions that read documents - to S3, DynamoDB and interface endpoints only"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.name}-sealed" }
}

resource "aws_vpc_security_group_egress_rule" "sealed_to_gateways" {
  for_each          = { S3 = aws_vpc_endpoint.s3.prefix_list_id, DynamoDB = aws_vpc_endpoint.dynamodb.prefix_list_id }
  security_group_id = aws_security_group.sealed.id
  description       = each.key
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_id    = each.value
}

resource "aws_vpc_security_group_egress_rule" "sealed_to_endpoints" {
  security_group_id            = aws_security_group.sealed.id
  description                  = "Interface endpoints"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.endpoints.id
}

# ---------------------------------------------------------------------------------- outbound

resource "aws_security_group" "outbound" {
  count       = var.nat == "none" ? 0 : 1
  name_prefix = "${var.name}-outbound-"
  description = "Functions that call out - to port 443 of anything"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.name}-outbound" }
}

resource "aws_vpc_security_group_egress_rule" "outbound" {
  count             = length(aws_security_group.outbound)
  security_group_id = aws_security_group.outbound[0].id
  description       = "HTTPS"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_subnet" "outbound" {
  for_each          = local.outbound
  vpc_id            = aws_vpc.this.id
  availability_zone = each.value
  cidr_block        = cidrsubnet(var.vpc_cidr, local.bits, each.key + 2)
  tags              = { Name = "${var.name}-outbound-${each.key}" }
}

resource "aws_route_table" "outbound" {
  for_each = local.outbound
  vpc_id   = aws_vpc.this.id
  tags     = { Name = "${var.name}-outbound-${each.key}" }
}

resource "aws_route" "outbound" {
  for_each               = aws_route_table.outbound
  route_table_id         = each.value.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.nat == "per-az" ? each.key : "1"].id
}

resource "aws_route_table_association" "outbound" {
  for_each       = aws_subnet.outbound
  subnet_id      = each.value.id
  route_table_id = aws_route_table.outbound[each.key].id
}

# ------------------------------------------------------------------------------------ public
# Holds NAT gateways and nothing else.

resource "aws_internet_gateway" "this" {
  count  = length(local.gateways) > 0 ? 1 : 0
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.name }
}

resource "aws_route_table" "public" {
  count  = length(aws_internet_gateway.this)
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.name}-public" }
}

resource "aws_route" "public" {
  count                  = length(aws_internet_gateway.this)
  route_table_id         = aws_route_table.public[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_subnet" "public" {
  for_each          = local.gateways
  vpc_id            = aws_vpc.this.id
  availability_zone = each.value
  cidr_block        = cidrsubnet(var.vpc_cidr, local.bits, each.key + 5)
  tags              = { Name = "${var.name}-public-${each.key}" }
}

resource "aws_route_table_association" "public" {
  for_each       = aws_subnet.public
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public[0].id
}

resource "aws_eip" "nat" {
  for_each   = local.gateways
  domain     = "vpc"
  tags       = { Name = "${var.name}-nat-${each.key}" }
  depends_on = [aws_internet_gateway.this]
}

resource "aws_nat_gateway" "this" {
  for_each      = local.gateways
  subnet_id     = aws_subnet.public[each.key].id
  allocation_id = aws_eip.nat[each.key].id
  tags          = { Name = "${var.name}-${each.key}" }
}
