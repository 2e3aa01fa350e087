/// The numbered change feed: what changed, in commit order, and how far this node has followed.
@NullMarked
package io.prokura.feed;

import org.jspecify.annotations.NullMarked;
