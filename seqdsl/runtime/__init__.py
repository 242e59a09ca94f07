"""live models of any framework under the same names: adapters, named weights, settings, random draws."""
