"""source and specification → report: runs generated models in workers and checks them against the picture."""
