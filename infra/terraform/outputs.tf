output "parameter_overrides" {
  description = "For samconfig.toml or sam deploy --parameter-overrides, where template_url is empty"
  value       = join(" ", [for name, value in module.network.parameters : "${name}=${value}"])
}

output "private_subnet_ids" {
  value = module.network.private_subnet_ids
}

output "outbound_group_id" {
  description = "For functions of yours that call out, in the private subnets"
  value       = module.network.outbound_group_id
}

output "api_url" {
  value = var.domain_name == "" ? one(module.application[*].api_url) : module.zone[0].url
}

output "bucket" {
  value = one(module.application[*].bucket)
}
