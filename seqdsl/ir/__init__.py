"""what a model means, as data that neither a picture nor a framework is needed for."""
