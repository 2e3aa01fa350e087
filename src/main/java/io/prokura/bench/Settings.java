package io.prokura.bench;

import java.time.Duration;

/// How long and how hard to measure.
///
/// @param connections keep-alive connections of the load
/// @param appenders threads that append to the record at once
/// @param seed what generated policies and requests are drawn from
record Settings(Duration warmUp, Duration duration, int connections, int appenders, long seed) {}
