package io.prokura.simulation;

/// Something that may happen next, as likely as its weight.
record Step(String name, int weight, Runnable run) {}
