package io.prokura.upstream;

/// A sign-in that has begun: where the browser goes, and what it keeps meanwhile.
public record Begun(String url, String pending) {}
