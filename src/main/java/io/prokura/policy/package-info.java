/// Policies at rest: the organisation's set as an immutable snapshot, permissions as policies, and
/// the separate set that decides who may manage the server.
@NullMarked
package io.prokura.policy;

import org.jspecify.annotations.NullMarked;
