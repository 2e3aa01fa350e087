package io.prokura.decision;

import io.prokura.cedar.EntityUid;
import io.prokura.cedar.PolicySet;

/// One who takes part in what is asked, as policies see them: their name, and their permissions
/// that count.
public record Participant(EntityUid uid, PolicySet permissions) {}
