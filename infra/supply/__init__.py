"""What is shipped of others: bills of materials and notices, made by the build."""
