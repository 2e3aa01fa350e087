package io.prokura.decision;

import io.prokura.json.Json;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// One change that, with those it is listed with, would turn a denial into an allow.
///
/// `sentence` tells a person or a model what to do; `parameters` are the same as words: the action,
/// the scope, the purpose to ask for.
public record Remedy(Kind kind, String sentence, SortedMap<String, String> parameters) {

  /// What has to change.
  public enum Kind {
    /// A permission has to be given, directly or by a role.
    PERMISSION,
    /// A token with another scope has to be asked for.
    SCOPE,
    /// The access token has to be presented, or a fresh one obtained.
    TOKEN,
    /// Another purpose has to be stated, or the purpose has to cover more.
    PURPOSE,
    /// A person has to approve exactly this action.
    APPROVAL,
    /// The person acted for has to take part.
    ATTENDANCE,
    /// The agent has to prove what runs.
    ATTESTATION,
    /// Somebody in the chain has to be made active.
    ACTIVATION,
    /// The question has to be put right.
    REQUEST,
    /// The enforcer has to be registered for the resource.
    ENFORCER,
    /// More has to be allowed to be spent.
    BUDGET,
    /// The organisation's policies stand in the way.
    POLICY,
    /// Ask again in a moment.
    RETRY;

    /// The word in answers: `permission`.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Remedy {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }

  static Remedy of(Kind kind, String sentence) {
    return new Remedy(kind, sentence, new TreeMap<>());
  }

  /// The same with one more parameter.
  Remedy with(String name, String value) {
    var more = new TreeMap<>(parameters);
    more.put(name, value);
    return new Remedy(kind, sentence, more);
  }

  /// A remedy as it is shown to whoever asked.
  public Json.Obj toJson() {
    var json = Json.object().put("kind", kind.word()).put("sentence", sentence);
    parameters.forEach(json::put);
    return json.build();
  }
}
