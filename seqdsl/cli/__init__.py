"""arguments → exit code: the command line; click and rich are imported in here only."""
