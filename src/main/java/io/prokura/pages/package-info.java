/// The pages on which people sign in, set up how they do, and see their sessions: plain forms that
/// work without scripts. What the pages cause is done elsewhere.
@NullMarked
package io.prokura.pages;

import org.jspecify.annotations.NullMarked;
