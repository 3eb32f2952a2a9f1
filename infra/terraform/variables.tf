variable "region" {
  type        = string
  description = "Where everything is"
}

variable "name" {
  type        = string
  default     = "fanfold"
  description = "Begins the name of everything; the stack is called so"
}

variable "vpc_cidr" {
  type        = string
  default     = "10.90.0.0/20"
  description = "Addresses of the VPC, from /16 to /20"
}

variable "zones" {
  type        = number
  default     = 2
  description = "Availability zones: 2 or 3"
}

variable "zone_names" {
  type        = list(string)
  default     = []
  description = "Names of the zones; empty for the region's first"
}

variable "network" {
  type        = string
  default     = "behind-nat"
  description = "behind-nat, behind-nat-sqs or sealed"
}

variable "nat_per_zone" {
  type        = bool
  default     = false
  description = "A NAT gateway in each zone, in place of one for all"
}

variable "outbound_names" {
  type        = list(string)
  default     = []
  description = "Names that are looked up besides those of AWS, for functions of yours that call out; * for any"
}

variable "flow_logs" {
  type        = string
  default     = "REJECT"
  description = "REJECT or ALL"
}

variable "log_retention_days" {
  type        = number
  default     = 30
  description = "Days that flow logs are kept"
}

variable "kms_key_arn" {
  type        = string
  default     = ""
  description = "A key of your own for bucket, table, queues and logs (infra/aws/key.yaml); empty for those that AWS keeps"
}

variable "template_url" {
  type        = string
  default     = ""
  description = "https:// address of the packaged template; empty where sam deploy makes the stack"
}

variable "parameters" {
  type        = map(string)
  default     = {}
  description = "Further parameters of template.yaml, such as PageConcurrency"
}

variable "domain_name" {
  type        = string
  default     = ""
  description = "A name for the API; empty for the address that AWS gives"
  validation {
    condition     = var.domain_name == "" || (var.hosted_zone_id != "" && var.template_url != "")
    error_message = "domain_name needs hosted_zone_id and template_url; with sam deploy the template makes the name (DomainName)."
  }
}

variable "hosted_zone_id" {
  type        = string
  default     = ""
  description = "The public zone in Route 53 that domain_name belongs to"
}

variable "tls_policy" {
  type        = string
  default     = "TLS_1_2"
  description = "The least TLS that callers of domain_name must speak"
}

variable "routing" {
  type        = string
  default     = "simple"
  description = "simple, watched, primary or secondary"
}
