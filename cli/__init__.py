"""The command line: fanfold."""
