# What is refused before anything is made. The rest is compared with CloudFormation's description.

variables {
  region = "eu-central-1"
}

run "too_small_a_network" {
  command = plan
  module { source = "./modules/network" }
  variables {
    name     = "fanfold"
    vpc_cidr = "10.0.0.0/24"
  }
  expect_failures = [var.vpc_cidr]
}

run "one_zone" {
  command = plan
  module { source = "./modules/network" }
  variables {
    name  = "fanfold"
    zones = 1
  }
  expect_failures = [var.zones]
}

run "more_zones_than_were_named" {
  command = plan
  module { source = "./modules/network" }
  variables {
    name       = "fanfold"
    zones      = 3
    zone_names = ["eu-central-1a", "eu-central-1c"]
  }
  expect_failures = [var.zone_names]
}

run "another_way_out" {
  command = plan
  module { source = "./modules/network" }
  variables {
    name    = "fanfold"
    network = "none" # a network that is none is left out altogether
  }
  expect_failures = [var.network]
}

run "two_owners_of_the_name" {
  command = plan
  module { source = "./modules/application" }
  variables {
    name         = "fanfold"
    template_url = "https://bucket.s3.amazonaws.com/packaged.yaml"
    parameters   = { DomainName = "fanfold.example.org" }
  }
  expect_failures = [var.parameters]
}

run "a_template_that_cloudformation_cannot_fetch" {
  command = plan
  module { source = "./modules/application" }
  variables {
    name         = "fanfold"
    template_url = "packaged.yaml"
  }
  expect_failures = [var.template_url]
}

run "a_name_without_its_zone" {
  command = plan
  variables {
    template_url   = "https://bucket.s3.amazonaws.com/packaged.yaml"
    domain_name    = "fanfold.example.org"
    hosted_zone_id = "" # named, as tests do not evaluate other variables' defaults
  }
  expect_failures = [var.domain_name]
}

run "a_name_where_sam_makes_the_stack" {
  command = plan
  variables {
    template_url   = ""
    domain_name    = "fanfold.example.org"
    hosted_zone_id = "Z1"
  }
  expect_failures = [var.domain_name]
}

run "tls_that_needs_an_argument_nobody_has" {
  command = plan
  module { source = "./modules/zone" }
  variables {
    domain_name    = "fanfold.example.org"
    hosted_zone_id = "Z1"
    api_id         = "abc"
    stage          = "api"
    tls_policy     = "SecurityPolicy_TLS13_1_3_2025_09"
  }
  expect_failures = [var.tls_policy]
}
