"""Notify: webhooks are told what happened."""
