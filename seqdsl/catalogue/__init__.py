"""shapes → pictures: the catalogue of topologies, for those who know what goes in and what comes out.

An `Entry` is a picture of three steps whose middle step can be repeated; `seqdsl.catalogue.fit` compiles the
pictures for given shapes and keeps those whose models really have them.
"""
