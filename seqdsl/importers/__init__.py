"""model that exists → wiring, which `seqdsl.layout` draws: one package a framework."""
