module "network" {
  source             = "./modules/network"
  name               = var.name
  vpc_cidr           = var.vpc_cidr
  zones              = var.zones
  zone_names         = var.zone_names
  network            = var.network
  nat_per_zone       = var.nat_per_zone
  outbound_names     = var.outbound_names
  flow_logs          = var.flow_logs
  log_retention_days = var.log_retention_days
  kms_key_arn        = var.kms_key_arn
}

# With template_url the stack is made here; without, sam deploy makes it with the output
# parameter_overrides. Never both: the network and the name are not the stack's then.
module "application" {
  source       = "./modules/application"
  count        = var.template_url == "" ? 0 : 1
  name         = var.name
  template_url = var.template_url
  parameters   = merge(var.parameters, module.network.parameters, { KmsKeyArn = var.kms_key_arn })
}

module "zone" {
  source         = "./modules/zone"
  count          = var.domain_name == "" ? 0 : 1
  domain_name    = var.domain_name
  hosted_zone_id = var.hosted_zone_id
  api_id         = module.application[0].api_id
  stage          = module.application[0].stage
  tls_policy     = var.tls_policy
  routing        = var.routing
}
