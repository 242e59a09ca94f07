"""what a cell computes in one step, whichever framework it is written for → equations of the picture's file."""
