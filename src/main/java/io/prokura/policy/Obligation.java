package io.prokura.policy;

import io.prokura.cedar.Policy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;

/// Something that an enforcer has to do when a policy decided (AuthZEN Profile for Obligations,
/// Draft 1): a type and the texts that go with it.
///
/// A policy says so in its annotation `@obligation`: the type, then `name=value` for each text, a
/// value with blanks in single quotes; several obligations stand between semicolons. Whatever is
/// known of the type is checked when the policy is read.
public record Obligation(String type, SequencedMap<String, String> properties) {
  /// The annotation of a policy that carries obligations.
  private static final String ANNOTATION = "obligation";

  /// Every type that may be used.
  public static final List<String> TYPES =
      List.of("step-up", "notification", "session_termination", "custom");

  /// The property of `step-up` that is a list: its values stand between commas.
  public static final String METHODS = "amr_values";

  private static final Map<String, Set<String>> REQUIRED =
      Map.of(
          "step-up", Set.of("acr_value"),
          "notification", Set.of("to", "body"),
          "session_termination", Set.of("subject"),
          "custom", Set.of());
  private static final Map<String, Set<String>> OPTIONAL =
      Map.of("step-up", Set.of(METHODS), "notification", Set.of("topic"));
  private static final Pattern PART =
      Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*)=('[^']*'|[^\\s';]*)");
  private static final Pattern HEAD = Pattern.compile("\\s*([a-z_-]+)");
  private static final int PARTS_MAX = 50;

  public Obligation {
    properties = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(properties));
  }

  /// The obligations of a policy that was read; none where it has no annotation for them.
  public static List<Obligation> of(Policy policy) {
    var annotation = policy.annotations().get(ANNOTATION);
    return annotation == null ? List.of() : parse(annotation);
  }

  /// What is wrong with the annotation of a policy, if anything is.
  static Optional<String> problem(Policy policy) {
    try {
      of(policy);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of("@obligation: " + e.getMessage());
    }
  }

  private static List<Obligation> parse(String annotation) {
    var obligations = new ArrayList<Obligation>();
    int at = 0;
    while (at < annotation.length()) {
      var head = HEAD.matcher(annotation).region(at, annotation.length());
      if (!head.lookingAt() || !TYPES.contains(head.group(1))) {
        throw new IllegalArgumentException("begins with one of " + TYPES);
      }
      var properties = new LinkedHashMap<String, String>();
      at = properties(annotation, head.end(), properties);
      obligations.add(checked(head.group(1), properties));
      if (obligations.size() > PARTS_MAX) {
        throw new IllegalArgumentException("more than " + PARTS_MAX + " obligations");
      }
    }
    if (obligations.isEmpty()) {
      throw new IllegalArgumentException("says nothing");
    }
    return List.copyOf(obligations);
  }

  /// Reads `name=value` up to a semicolon or the end; where the next obligation begins.
  private static int properties(String annotation, int from, Map<String, String> properties) {
    int at = from;
    var part = PART.matcher(annotation);
    while (part.region(at, annotation.length()).lookingAt()) {
      var value = part.group(2);
      boolean quoted = value.startsWith("'");
      var text = quoted ? value.substring(1, value.length() - 1) : value;
      if (properties.put(part.group(1), text) != null) {
        throw new IllegalArgumentException(part.group(1) + " stands twice");
      }
      at = part.end();
    }
    var rest = annotation.substring(at).stripLeading();
    if (rest.isEmpty()) {
      return annotation.length();
    }
    if (!rest.startsWith(";")) {
      throw new IllegalArgumentException(
          "after the type stand name=value or name='several words', then ; or the end");
    }
    return annotation.length() - rest.length() + 1;
  }

  private static Obligation checked(String type, LinkedHashMap<String, String> properties) {
    for (var name : REQUIRED.getOrDefault(type, Set.of())) {
      if (properties.getOrDefault(name, "").isEmpty()) {
        throw new IllegalArgumentException(type + " needs " + name);
      }
    }
    if (!type.equals("custom")) {
      for (var name : properties.keySet()) {
        if (!REQUIRED.getOrDefault(type, Set.of()).contains(name)
            && !OPTIONAL.getOrDefault(type, Set.of()).contains(name)) {
          throw new IllegalArgumentException(type + " has no " + name);
        }
      }
    }
    return new Obligation(type, properties);
  }
}
