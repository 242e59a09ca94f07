"""job → result: a job in a limited process, which may die of it; what the job is, only its `Program` knows."""
