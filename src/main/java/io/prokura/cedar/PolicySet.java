package io.prokura.cedar;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An immutable set of policies, each under an id of its own, and of the templates that some of
/// them were made from.
public final class PolicySet {
  /// The longest text that is parsed, in UTF-16 code units.
  public static final int TEXT_LENGTH_MAX = 1 << 20;

  /// Stands first, as in [CompiledPolicy].
  private final PolicyIndex index;

  private final Map<String, Policy> policies;
  private final Map<String, Template> templates;
  private final Map<String, TemplateLink> links;

  private PolicySet(
      Map<String, Policy> policies,
      Map<String, Template> templates,
      Map<String, TemplateLink> links) {
    this.policies = small(policies);
    this.templates = small(templates);
    this.links = small(links);
    this.index = new PolicyIndex(policies.values());
  }

  /// The same in its order, in less memory where it is very small: most sets are the permissions of
  /// one of many.
  private static <T> Map<String, T> small(Map<String, T> map) {
    return map.size() > 1 ? Collections.unmodifiableMap(map) : Map.copyOf(map);
  }

  /// The set of these policies.
  ///
  /// @throws IllegalArgumentException if two have the same id, or one still has a slot
  public static PolicySet of(Collection<Policy> policies) {
    return of(policies, List.of(), List.of());
  }

  /// The set of these policies and of those that the links make of the templates.
  ///
  /// @throws IllegalArgumentException if two policies or templates have the same id, a policy has a
  /// slot, a link names no template, or it does not fill exactly the slots of its template
  public static PolicySet of(
      Collection<Policy> policies, Collection<Template> templates, Collection<TemplateLink> links) {
    var templatesById = new LinkedHashMap<String, Template>();
    for (var template : templates) {
      if (templatesById.putIfAbsent(template.id(), template) != null) {
        throw new IllegalArgumentException("two templates have the id " + template.id());
      }
    }
    var byId = new LinkedHashMap<String, Policy>();
    for (var policy : policies) {
      if (!policy.slots().isEmpty()) {
        throw new IllegalArgumentException("policy " + policy.id() + " has slots; link it first");
      }
      add(policy, byId, templatesById);
    }
    var linksById = new LinkedHashMap<String, TemplateLink>();
    for (var link : links) {
      var template = templatesById.get(link.template());
      if (template == null) {
        throw new IllegalArgumentException("there is no template with the id " + link.template());
      }
      add(template.link(link.id(), link.values()), byId, templatesById);
      linksById.put(link.id(), link);
    }
    return new PolicySet(byId, templatesById, linksById);
  }

  private static void add(Policy policy, Map<String, Policy> policies, Map<String, ?> templates) {
    if (templates.containsKey(policy.id()) || policies.putIfAbsent(policy.id(), policy) != null) {
      throw new IllegalArgumentException("two policies have the id " + policy.id());
    }
  }

  /// Reads one policy per entry, from text by id.
  ///
  /// @throws CedarSyntaxException if a text is not exactly one policy without slots
  public static PolicySet parse(Map<String, String> texts) throws CedarSyntaxException {
    return parse(texts, Map.of(), List.of());
  }

  /// Reads one policy or template per entry, from texts by id, and fills templates as `links` say.
  ///
  /// @throws CedarSyntaxException if a text is not exactly one policy without slots, or one
  /// template
  /// @throws IllegalArgumentException if they do not fit together, as for [#of]
  public static PolicySet parse(
      Map<String, String> policies, Map<String, String> templates, Collection<TemplateLink> links)
      throws CedarSyntaxException {
    var parsed = new LinkedHashMap<String, Policy>();
    for (var entry : policies.entrySet()) {
      parsed.put(entry.getKey(), Policy.parse(entry.getKey(), entry.getValue()));
    }
    var parsedTemplates = new LinkedHashMap<String, Template>();
    for (var entry : templates.entrySet()) {
      parsedTemplates.put(entry.getKey(), Template.parse(entry.getKey(), entry.getValue()));
    }
    return of(parsed.values(), parsedTemplates.values(), links);
  }

  /// Reads any number of policies from one text and names them `policy0`, `policy1` and so on.
  ///
  /// @throws CedarSyntaxException if the text is not a sequence of policies without slots
  public static PolicySet parse(String text) throws CedarSyntaxException {
    return of(new PolicyParser(text).policies());
  }

  /// Reads a policy set in Cedar's JSON format: `staticPolicies` and `templates` by id, and
  /// `templateLinks`, each of which may be missing.
  ///
  /// @throws CedarSyntaxException if the text is not JSON
  /// @throws TypeMismatchException if it is not a policy set, or its parts do not fit together
  public static PolicySet parseJson(String json)
      throws CedarSyntaxException, TypeMismatchException {
    return PolicyJsonParser.policySet(json);
  }

  /// The set in Cedar's JSON format, without white space.
  public String toJson() {
    return PolicyJsonPrinter.print(this);
  }

  /// The policies by id, in the order given, those made from templates last.
  public Map<String, Policy> policies() {
    return policies;
  }

  /// The templates by id. They take no part in a decision; the policies made from them do.
  public Map<String, Template> templates() {
    return templates;
  }

  /// What policies were made from templates, by the id of the policy.
  public Map<String, TemplateLink> links() {
    return links;
  }

  PolicyIndex index() {
    return index;
  }

  /// The policy with that id.
  public Optional<Policy> find(String id) {
    return Optional.ofNullable(policies.get(id));
  }
}
