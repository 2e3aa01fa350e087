package io.prokura.delegation;

/// An authority and how it came about.
public record Conferred(Authority authority, Arithmetic arithmetic) {}
