"""job → result: runs a job in a process with limits, so that a crash or a hang does not reach the caller."""
