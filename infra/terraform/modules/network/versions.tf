terraform {
  required_version = ">= 1.9" # a validation may look at another variable
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 6.0" }
  }
}
