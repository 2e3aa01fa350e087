package io.prokura.upstream;

import java.time.Duration;

/// A sign-in that has begun: where the browser goes, what it keeps meanwhile, and for how long.
public record Begun(String url, String pending, Duration kept) {}
