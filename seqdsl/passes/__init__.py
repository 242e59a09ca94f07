"""model specification → the same model, in the form in which a target has an idiom for it."""
