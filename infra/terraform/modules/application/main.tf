# The application stays one CloudFormation stack, that of template.yaml: queues, functions, table and
# bucket have one owner, and `sam deploy` knows the same stack.

resource "aws_cloudformation_stack" "this" {
  name               = var.name
  template_url       = var.template_url
  parameters         = var.parameters
  capabilities       = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"] # roles; the transform and nested stacks
  on_failure         = "ROLLBACK"
  timeout_in_minutes = 60
  lifecycle {
    prevent_destroy = true # its bucket and table hold documents
  }
}

locals {
  api = regex("^https://(?P<id>[a-z0-9]+)\\.execute-api\\.[^/]+/(?P<stage>\\w+)$", aws_cloudformation_stack.this.outputs["ApiUrl"])
}
