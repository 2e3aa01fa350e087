package io.prokura.policy;

import io.prokura.cedar.Entity;
import io.prokura.kernel.Id;

/// Who manages and what is managed, as the management policies see them.
public interface ManagementSubjects {

  /// A caller with its roles and groups.
  Entity principal(Id.Principal principal);

  /// The thing with this id, or a thing of no kind where there is none.
  Entity named(String id);
}
