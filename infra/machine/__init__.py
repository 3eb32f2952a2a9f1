"""The service on one machine: the stages over files and SQLite, wired as template.yaml says."""
