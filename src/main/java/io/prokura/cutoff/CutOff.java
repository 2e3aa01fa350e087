package io.prokura.cutoff;

import io.prokura.kernel.Id;
import java.time.Instant;

/// The end of everything that rests on `target` and carries a number less than `number`. Numbers
/// are given in commit order; no clock decides anything. `at` is for people to read.
public record CutOff(long number, String target, Id by, Instant at) {}
