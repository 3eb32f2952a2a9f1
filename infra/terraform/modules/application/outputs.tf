output "api_url" {
  value = aws_cloudformation_stack.this.outputs["ApiUrl"]
}

output "api_id" {
  value = local.api.id
}

output "stage" {
  value = local.api.stage
}

output "bucket" {
  value = aws_cloudformation_stack.this.outputs["BucketName"]
}

output "table" {
  value = aws_cloudformation_stack.this.outputs["TableName"]
}
