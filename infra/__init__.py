"""Where Fanfold runs: in an account (aws, terraform) and on one machine (local)."""
