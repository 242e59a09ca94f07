"""picture → step graph: which drawn unit sees which."""
