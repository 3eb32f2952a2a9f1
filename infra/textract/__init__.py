"""Amazon Textract's API in front of this service, on this machine and on the rehearsal of AWS.

`endpoint` speaks its protocol, `requests` reads what is asked by botocore's own model of Textract,
`jobs` has documents read by the service's HTTP API, `results` hands out their blocks in parts.
"""
