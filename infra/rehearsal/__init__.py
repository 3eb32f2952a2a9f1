"""The embedded cloud: moto and a Lambda runner, wired by template.yaml."""
