/// Servers elsewhere whose signed words are believed: who they are, what they are believed about,
/// and which keys are theirs. What follows from their words is decided elsewhere.
@NullMarked
package io.prokura.issuers;

import org.jspecify.annotations.NullMarked;
