"""The adapters: S3, SQS and DynamoDB behind the ports."""
