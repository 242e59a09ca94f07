"""what a picture means, as data: the specification that every stage after lowering reads."""
