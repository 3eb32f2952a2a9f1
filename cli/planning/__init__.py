"""What a deployment will cost and how long it will take, before there is one."""
