# The parameters of infra/aws/domain.yaml, with its defaults.

variable "domain_name" {
  type        = string
  description = "The whole name, such as fanfold.example.org"
}

variable "hosted_zone_id" {
  type        = string
  description = "The public zone in Route 53 that the name belongs to"
}

variable "api_id" {
  type        = string
  description = "Id of the REST API"
}

variable "stage" {
  type        = string
  description = "Its stage"
}

variable "tls_policy" {
  type        = string
  default     = "TLS_1_2"
  description = "The least TLS that callers must speak; TLS_1_2 takes 1.3, too"
  validation { # the newer policies need an endpoint access mode, which the provider does not know yet
    condition     = var.tls_policy == "TLS_1_2"
    error_message = "tls_policy is TLS_1_2 here; for the others let the template make the name (DomainName, TlsPolicy)."
  }
}

variable "routing" {
  type        = string
  default     = "simple"
  description = "simple, watched (a health check), primary or secondary (failover between two regions)"
  validation {
    condition     = contains(["simple", "watched", "primary", "secondary"], var.routing)
    error_message = "routing is simple, watched, primary or secondary."
  }
}
