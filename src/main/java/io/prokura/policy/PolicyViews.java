package io.prokura.policy;

import io.prokura.cedar.Policy;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Policies as the management API answers them.
final class PolicyViews {
  private PolicyViews() {}

  /// The set with what is live; `publication` is absent while nothing has been published.
  static Json.Obj set(PolicySnapshot live, PolicySetName name, Optional<Publication> publication) {
    return Json.object()
        .put("id", name.word())
        .put("number", live.number())
        .put("digest", live.digest())
        .put("policies", live.policies().policies().size())
        .put("publishedAt", publication.map(one -> one.at().toString()))
        .put("publishedBy", publication.flatMap(Publication::by).map(Id::text))
        .build();
  }

  static Json.Builder publication(Publication one) {
    var view =
        Json.object()
            .put("set", one.set().word())
            .put("number", one.number())
            .put("digest", one.digest())
            .put("base", one.base())
            .put("authors", ids(one.authors()))
            .put("publishedAt", one.at().toString())
            .put("publishedBy", one.by().map(Id::text))
            .put("note", one.note());
    one.restores().ifPresent(number -> view.put("restores", number));
    return view;
  }

  private static Collection<String> ids(Collection<? extends Id> ids) {
    return ids.stream().map(Id::text).toList();
  }

  /// One policy of a snapshot, with its annotations and where it stands.
  static Json.Obj policy(PolicySnapshot snapshot, Policy policy) {
    var annotations = Json.object();
    policy.annotations().forEach(annotations::put);
    var position = policy.source().position();
    return Json.object()
        .put("id", policy.id())
        .put("effect", policy.effect().name().toLowerCase(Locale.ROOT))
        .put("annotations", annotations.build())
        .put("text", policy.source().text())
        .put("file", snapshot.files().getOrDefault(policy.id(), ""))
        .put("line", position.line())
        .put("column", position.column())
        .build();
  }

  static Json.Builder draft(PolicyDraft draft) {
    return Json.object()
        .put("id", draft.id().text())
        .put("set", draft.set().word())
        .put("base", draft.base())
        .put("note", draft.note())
        .put("authors", ids(draft.authors()))
        .put("changedAt", draft.changedAt().toString());
  }

  /// A draft with its files and what keeps it from being published.
  static Json.Obj draft(PolicyDraft draft, Publishing.Verdict verdict) {
    return draft(draft)
        .put("digest", draft.sources().digest())
        .put("publishable", verdict.findings().isEmpty())
        .put("findings", verdict.findings())
        .put("warnings", verdict.warnings())
        .put("files", PolicySources.json(draft.files()))
        .build();
  }
}
