# State lies in a bucket of yours: terraform init -backend-config=backend.hcl (see backend.hcl.example).
# It stands alone in this file, because the tests leave it out.
terraform {
  backend "s3" {
    use_lockfile = true
    encrypt      = true
  }
}
