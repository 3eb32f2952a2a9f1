# A name of your own for Fanfold's API: infra/aws/domain.yaml in Terraform, see there.

data "aws_region" "here" {}
data "aws_partition" "this" {}

locals {
  fails_over = contains(["primary", "secondary"], var.routing)
  watched    = var.routing != "simple"
  proof      = one(aws_acm_certificate.this.domain_validation_options) # one name, one record
}

resource "aws_acm_certificate" "this" { # is renewed by itself, by the record in the zone
  domain_name       = var.domain_name
  validation_method = "DNS"
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  zone_id         = var.hosted_zone_id
  name            = local.proof.resource_record_name
  type            = local.proof.resource_record_type
  records         = [local.proof.resource_record_value]
  ttl             = 300
  allow_overwrite = true # the same record serves the same name in every region
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [aws_route53_record.validation.fqdn]
}

resource "aws_api_gateway_domain_name" "this" {
  domain_name              = var.domain_name
  regional_certificate_arn = aws_acm_certificate_validation.this.certificate_arn
  security_policy          = var.tls_policy
  endpoint_configuration {
    types           = ["REGIONAL"]
    ip_address_type = "dualstack" # the AAAA record leads somewhere
  }
}

resource "aws_api_gateway_base_path_mapping" "this" { # https://name/v1/… without the stage
  domain_name = aws_api_gateway_domain_name.this.domain_name
  api_id      = var.api_id
  stage_name  = var.stage
}

resource "aws_route53_health_check" "this" { # asks this region's own address, not the name
  count             = local.watched ? 1 : 0
  type              = "HTTPS"
  fqdn              = "${var.api_id}.execute-api.${data.aws_region.here.region}.${data.aws_partition.this.dns_suffix}"
  port              = 443
  resource_path     = "/${var.stage}/health"
  enable_sni        = true
  request_interval  = 30
  failure_threshold = 3
  tags              = { Name = "${var.domain_name} ${data.aws_region.here.region}" }
}

resource "aws_route53_record" "address" {
  for_each        = toset(["A", "AAAA"])
  zone_id         = var.hosted_zone_id
  name            = var.domain_name
  type            = each.key
  set_identifier  = local.fails_over ? data.aws_region.here.region : null
  health_check_id = local.fails_over ? aws_route53_health_check.this[0].id : null
  alias {
    name                   = aws_api_gateway_domain_name.this.regional_domain_name
    zone_id                = aws_api_gateway_domain_name.this.regional_zone_id
    evaluate_target_health = false
  }
  dynamic "failover_routing_policy" {
    for_each = local.fails_over ? [upper(var.routing)] : []
    content {
      type = failover_routing_policy.value
    }
  }
}
