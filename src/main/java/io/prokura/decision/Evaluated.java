package io.prokura.decision;

import io.prokura.cedar.Entity;
import java.util.List;

/// What the policies answered: the ids of those that allow it or the denial, and which entities of
/// the registers they looked at.
record Evaluated(Step<List<String>> outcome, List<Entity> registered) {}
