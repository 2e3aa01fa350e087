/// Merkle trees, tiles, checkpoints, proofs and their verification (C2SP). Knows only the JDK.
@NullMarked
package io.prokura.tlog;

import org.jspecify.annotations.NullMarked;
