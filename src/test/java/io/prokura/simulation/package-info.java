/// The whole server from one seed, on one thread: what happens to it, what must then be so.
///
/// Start with [Run], which is one seed from its beginning to its end, and with [Invariant] and the
/// classes that implement it, which are the promises. [Simulation] is what everything goes through:
/// it sends a [Call], which is a [Wish] written down, to a [Node] and makes an [Exchange] of it.
///
/// The [Model] says what is so, a [History] what a node may still believe, and [Good] whether one
/// can know. [Trouble] breaks the way to the database and lets [Others] do something in between.
/// What may happen next are the rows of `…Steps`.
@NullMarked
package io.prokura.simulation;

import org.jspecify.annotations.NullMarked;
