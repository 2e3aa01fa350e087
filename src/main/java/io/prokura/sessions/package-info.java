/// People's sessions with a browser: how one begins, what it proves, and how it ends. How somebody
/// proves who they are before, and the pages, are elsewhere.
@NullMarked
package io.prokura.sessions;

import org.jspecify.annotations.NullMarked;
