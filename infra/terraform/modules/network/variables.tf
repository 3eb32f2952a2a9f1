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

variable "nat" {
  type        = string
  default     = "none"
  description = "NAT gateways for functions that call out; none makes no public subnet and no internet gateway"
  validation {
    condition     = contains(["none", "single", "per-az"], var.nat)
    error_message = "nat is none, single or per-az."
  }
}

variable "interface_endpoints" {
  type        = string
  default     = "sqs"
  description = "sqs, or sqs+telemetry for code that calls CloudWatch Logs and X-Ray itself"
  validation {
    condition     = contains(["sqs", "sqs+telemetry"], var.interface_endpoints)
    error_message = "interface_endpoints is sqs or sqs+telemetry."
  }
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
