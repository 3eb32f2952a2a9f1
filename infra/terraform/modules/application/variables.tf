variable "name" {
  type        = string
  description = "Name of the stack, and what begins the names of its queues"
}

variable "template_url" {
  type        = string
  description = "https:// address of the packaged template (sam package --output-template-file, copied into the bucket)"
  validation {
    condition     = startswith(var.template_url, "https://")
    error_message = "CloudFormation reads templates from https:// addresses of S3."
  }
}

variable "parameters" {
  type        = map(string)
  default     = {}
  description = "Parameters of template.yaml"
  validation {
    condition     = !contains(keys(var.parameters), "DomainName")
    error_message = "The name belongs to the zone module: one owner for one resource."
  }
}
