output "vpc_id" {
  value = aws_vpc.this.id
}

output "private_subnet_ids" {
  value = [for subnet in aws_subnet.private : subnet.id]
}

output "sealed_group_id" {
  value = aws_security_group.sealed.id
}

output "outbound_group_id" {
  value = one(aws_security_group.outbound[*].id)
}

output "parameters" {
  description = "For template.yaml: with them it makes no network of its own"
  value = {
    Network          = var.network
    SubnetIds        = join(",", [for subnet in aws_subnet.private : subnet.id])
    SecurityGroupIds = aws_security_group.sealed.id
  }
}
