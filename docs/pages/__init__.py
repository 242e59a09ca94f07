"""seqdsl and its examples → pages of the documentation that have to say what is there.

`python -m docs.pages.examples` and `python -m docs.pages.api` print them; tests compare.
"""
