output "url" {
  value = "https://${var.domain_name}"
}

output "health_check_id" {
  value = one(aws_route53_health_check.this[*].id)
}
