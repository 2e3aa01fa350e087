package io.prokura.delegation;

import io.prokura.kernel.Lineage;
import java.time.Instant;

/// What a person granted through an application, as far as it bounds authority: which application,
/// its ceiling on the resource, everything that the grant rests on, and until when it lasts.
/// `checked` is the highest cut-off number that had been applied before that was looked at.
public record Granted(
    String clientId, Operand.Actions ceiling, Lineage lineage, Instant until, long checked) {}
