# Through the endpoints pass calls of this account to things of this account, and only what the
# functions do. So credentials brought along by a hostile document lead nowhere either.

locals {
  account = data.aws_caller_identity.me.account_id
  service = "com.amazonaws.${data.aws_region.here.region}"
  ours    = { "aws:PrincipalAccount" = local.account, "aws:ResourceAccount" = local.account }
  # Actions by service.
  allowed = {
    s3 = [
      "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListBucket",
      "s3:ListBucketVersions", "s3:DeleteObject", "s3:DeleteObjectVersion",
    ]
    dynamodb = [
      "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem",
      "dynamodb:BatchWriteItem",
    ]
    sqs = ["sqs:SendMessage", "sqs:GetQueueAttributes"] # Lambda itself receives for the functions, from outside the VPC
  }
  policies = { for service, actions in local.allowed : service => jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = actions
      Resource  = "*" # of this account, whose stacks share the VPC
      Condition = { StringEquals = local.ours }
    }]
  }) }
  route_tables = [for table in aws_route_table.private : table.id]
}

resource "aws_vpc_endpoint" "s3" { # no charge, and page images stay off the NAT
  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "${local.service}.s3"
  route_table_ids   = local.route_tables
  policy            = local.policies["s3"]
}

resource "aws_vpc_endpoint" "dynamodb" { # no charge
  vpc_id            = aws_vpc.this.id
  vpc_endpoint_type = "Gateway"
  service_name      = "${local.service}.dynamodb"
  route_table_ids   = local.route_tables
  policy            = local.policies["dynamodb"]
}

resource "aws_vpc_endpoint" "sqs" {
  count               = local.has_sqs_endpoint ? 1 : 0
  vpc_id              = aws_vpc.this.id
  vpc_endpoint_type   = "Interface"
  service_name        = "${local.service}.sqs"
  private_dns_enabled = true
  subnet_ids          = [for subnet in aws_subnet.private : subnet.id]
  security_group_ids  = [aws_security_group.endpoints[0].id]
  policy              = local.policies["sqs"]
}

resource "aws_security_group" "endpoints" { # without a rule Terraform lets nothing out
  count       = local.has_sqs_endpoint ? 1 : 0
  name_prefix = "${var.name}-endpoints-"
  description = "Interface endpoints - taken from functions, call nobody"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.name}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_sealed" {
  count                        = length(aws_security_group.endpoints)
  security_group_id            = aws_security_group.endpoints[0].id
  description                  = "Sealed functions"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.sealed.id
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_outbound" {
  count                        = local.calls_out ? length(aws_security_group.endpoints) : 0
  security_group_id            = aws_security_group.endpoints[0].id
  description                  = "Functions that call out"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.outbound[0].id
}

# ------------------------------------------------------------------------------------- names
# The VPC's resolver answers whatever routes and groups say, and passes questions on to anybody's
# name server. It looks up names of AWS, those that functions which call out need (outbound_names),
# and no others.

resource "aws_route53_resolver_firewall_domain_list" "aws" {
  name    = "${var.name}-aws"
  domains = concat(["*.${data.aws_partition.this.dns_suffix}"], var.outbound_names)
}

resource "aws_route53_resolver_firewall_domain_list" "others" {
  name    = "${var.name}-others"
  domains = ["*"]
}

resource "aws_route53_resolver_firewall_rule_group" "names" {
  name = "${var.name}-names"
}

resource "aws_route53_resolver_firewall_rule" "aws" {
  name                    = "aws"
  priority                = 1
  action                  = "ALLOW"
  firewall_domain_list_id = aws_route53_resolver_firewall_domain_list.aws.id
  firewall_rule_group_id  = aws_route53_resolver_firewall_rule_group.names.id
}

resource "aws_route53_resolver_firewall_rule" "others" {
  name                    = "others"
  priority                = 2
  action                  = "BLOCK"
  block_response          = "NXDOMAIN"
  firewall_domain_list_id = aws_route53_resolver_firewall_domain_list.others.id
  firewall_rule_group_id  = aws_route53_resolver_firewall_rule_group.names.id
}

resource "aws_route53_resolver_firewall_rule_group_association" "names" {
  name                   = "${var.name}-names"
  firewall_rule_group_id = aws_route53_resolver_firewall_rule_group.names.id
  vpc_id                 = aws_vpc.this.id
  priority               = 101
}
