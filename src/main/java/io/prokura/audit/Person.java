package io.prokura.audit;

import io.prokura.kernel.Id;
import io.prokura.seal.DataKey;

/// How one person appears in the record: the random pseudonym, and the key of the fields about
/// them.
record Person(Id.User user, Id.Pseudonym pseudonym, DataKey key) {}
