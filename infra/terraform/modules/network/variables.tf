# The parameters of infra/aws/network.yaml, with its defaults; docs/network.md explains them.

variable "name" {
  type        = string
  description = "Begins the name of everything"
}

variable "vpc_cidr" {
  type        = string
  default     = "10.90.0.0/20"
  description = "Addresses of the VPC, from /16 to /20"
  validation {
    condition     = can(cidrhost(var.vpc_cidr, 0)) && can(regex("/(1[6-9]|20)$", var.vpc_cidr))
    error_message = "vpc_cidr is an IPv4 range from /16 to /20."
  }
}

variable "zones" {
  type        = number
  default     = 2
  description = "Availability zones"
  validation {
    condition     = contains([2, 3], var.zones)
    error_message = "zones is 2 or 3."
  }
}

variable "zone_names" {
  type        = list(string)
  default     = []
  description = "Names of the zones; empty for the region's first"
  validation {
    condition     = length(var.zone_names) == 0 || length(var.zone_names) == var.zones
    error_message = "zone_names names as many zones as zones says, or none."
  }
}

variable "network" {
  type        = string
  default     = "behind-nat"
  description = "What leads out of the private subnets"
  validation {
    condition     = contains(["behind-nat", "behind-nat-sqs", "sealed"], var.network)
    error_message = "network is behind-nat, behind-nat-sqs or sealed."
  }
}

variable "nat_per_zone" {
  type        = bool
  default     = false
  description = "A NAT gateway in each zone, in place of one for all"
}

variable "outbound_names" {
  type        = list(string)
  default     = []
  description = "Names that are looked up besides those of AWS; * for any"
}

variable "flow_logs" {
  type        = string
  default     = "REJECT"
  description = "Which connections are written down"
  validation {
    condition     = contains(["REJECT", "ALL"], var.flow_logs)
    error_message = "flow_logs is REJECT or ALL."
  }
}

variable "log_retention_days" {
  type        = number
  default     = 30
  description = "Days that flow logs are kept"
}

variable "kms_key_arn" {
  type        = string
  default     = ""
  description = "A key of your own for the flow logs"
}
