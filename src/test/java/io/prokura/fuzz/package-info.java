/// Whatever reads what strangers write, under made-up bytes: what it promises holds for all of
/// them. `./fuzz` looks for bytes that break a promise, [io.prokura.fuzz.FuzzTest] tries those
/// found so far and the seeds.
@org.jspecify.annotations.NullMarked
package io.prokura.fuzz;
