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
  names = length(var.zone_names) > 0 ? var.zone_names : data.aws_availability_zones.available.names
  zones = { for n in range(var.zones) : n + 1 => local.names[n] }
  # The zones that have a NAT gateway: none, the first, or each.
  calls_out = var.network != "sealed"
  gateways  = { for n, zone in local.zones : n => zone if local.calls_out && (var.nat_per_zone || n == "1") }
  # SQS is reached through an endpoint of its own or, with behind-nat-sqs, through the NAT.
  has_sqs_endpoint = var.network != "behind-nat-sqs"
  bits             = 24 - tonumber(split("/", var.vpc_cidr)[1]) # a /24 each: .0-.2 private, .3-.5 public
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

# ----------------------------------------------------------------------------------- private
# A route table for each zone, so that each may lead to the NAT gateway of its zone.

resource "aws_subnet" "private" {
  for_each          = local.zones
  vpc_id            = aws_vpc.this.id
  availability_zone = each.value
  cidr_block        = cidrsubnet(var.vpc_cidr, local.bits, each.key - 1)
  tags              = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_route_table" "private" {
  for_each = local.zones
  vpc_id   = aws_vpc.this.id
  tags     = { Name = "${var.name}-private-${each.key}" }
}

resource "aws_route" "private" {
  for_each               = { for n, table in aws_route_table.private : n => table if local.calls_out }
  route_table_id         = each.value.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.nat_per_zone ? each.key : "1"].id
}

resource "aws_route_table_association" "private" {
  for_each       = aws_subnet.private
  subnet_id      = each.value.id
  route_table_id = aws_route_table.private[each.key].id
}

# ------------------------------------------------------------------------------------ groups

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
  count                        = length(aws_security_group.endpoints)
  security_group_id            = aws_security_group.sealed.id
  description                  = "Interface endpoints"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.endpoints[0].id
}

resource "aws_vpc_security_group_egress_rule" "sealed_to_queues" {
  count             = local.has_sqs_endpoint ? 0 : 1 # SQS behind the NAT has no list of addresses that a rule could name
  security_group_id = aws_security_group.sealed.id
  description       = "SQS through the NAT, and with it anybody"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_security_group" "outbound" {
  count       = local.calls_out ? 1 : 0
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
  cidr_block        = cidrsubnet(var.vpc_cidr, local.bits, each.key + 2)
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
