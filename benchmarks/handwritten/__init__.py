"""sizes → models that an expert writes by hand, one for each picture of `benchmarks/pictures`, in both frameworks."""
