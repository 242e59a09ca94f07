"""source + specification → report: the only room in which a framework is imported."""
