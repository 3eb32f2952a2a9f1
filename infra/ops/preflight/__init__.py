"""What an account lacks for a deployment, and what to set: before CloudFormation finds out.

``account`` asks AWS, ``wanted`` reads the template, ``advice`` compares the two.
"""
