"""model that exists → picture, and the same model for another framework, each checked before it is written."""
