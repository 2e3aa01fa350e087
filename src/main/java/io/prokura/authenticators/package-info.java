/// What people prove themselves with: passwords, time-based one-time passwords and recovery codes,
/// and the one-time links by which they set them up. Not the pages on which they do, nor the
/// sessions that come of it.
@NullMarked
package io.prokura.authenticators;

import org.jspecify.annotations.NullMarked;
