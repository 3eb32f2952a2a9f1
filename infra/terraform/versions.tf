terraform {
  required_version = ">= 1.10" # a lock file in S3 instead of a table
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 6.0" }
  }
}

provider "aws" {
  region = var.region
  default_tags {
    tags = { application = "fanfold", stage = var.name }
  }
}
