package io.prokura.selftest;

/// One line of a request's or an answer's head.
record Header(String name, String value) {}
