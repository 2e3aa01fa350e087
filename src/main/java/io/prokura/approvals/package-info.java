/// Approval of exactly one action by a person who may: asked for, given or denied, and used once.
/// When an approval is needed, and what else an action needs, is for the decision point.
@NullMarked
package io.prokura.approvals;

import org.jspecify.annotations.NullMarked;
