"""document → wired picture: finds what is connected, so that later stages need no columns or characters."""
