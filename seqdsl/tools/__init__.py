"""adapters: the command line, reports and the other ways in which people reach seqdsl."""
