"""what the emitters of all targets share: names, temporary values, the frame of a module."""
