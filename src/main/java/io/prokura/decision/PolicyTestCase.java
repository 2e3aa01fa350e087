package io.prokura.decision;

import io.prokura.catalogue.Action;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Sensitivity;
import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.PolicySet;
import io.prokura.delegation.Stated;
import io.prokura.jose.Algorithm;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.policy.PolicySnapshot;
import io.prokura.policy.Uids;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// One case of a `tests.yaml`: a question with all that it supposes, and the answer expected.
///
/// `said` is the case as written, `facts` what the file and the case suppose of principals.
/// Whatever is not a case throws an [IllegalArgumentException] that names it.
record PolicyTestCase(String name, Json.Obj said, SupposedFacts facts) {
  /// Monday, 09:00 UTC: what time it is where a case does not say.
  private static final Instant AT = Instant.parse("2024-01-01T09:00:00Z");

  private static final int CHAIN_MAX = 20;
  private static final String FACTS = "facts";
  private static final String CONTEXT = "context";
  private static final String SUBJECT = "subject";
  private static final String PROPERTIES = "properties";
  private static final String ARGUMENTS = "arguments";
  private static final Set<String> KEYS =
      Set.of(
          "name",
          SUBJECT,
          "chain",
          "action",
          "object",
          "resource",
          "purpose",
          PROPERTIES,
          ARGUMENTS,
          "subjectProperties",
          CONTEXT,
          "sensitivity",
          "reversible",
          "approved",
          "attended",
          "budgetLeft",
          "taskFacts",
          "at",
          "permitted",
          FACTS,
          "expect",
          "policies",
          "reason",
          "obligations");

  private static final PolicySet PERMITTED = permitted();

  /// Every case of a file, `max` at most.
  static List<PolicyTestCase> all(Json.Obj file, int max) {
    refuseUnknown("the file", file, Set.of(FACTS, "cases"));
    if (!(file.get("cases").orElse(Json.array(List.of())) instanceof Json.Arr(var items))) {
      throw new IllegalArgumentException("cases is a list");
    }
    if (items.size() > max) {
      throw new IllegalArgumentException("more than " + max + " cases");
    }
    var shared = SupposedFacts.of(object(file, FACTS, "the file"));
    var cases = new ArrayList<PolicyTestCase>();
    var names = new HashSet<String>();
    for (var item : items) {
      var place = "case " + (cases.size() + 1);
      if (!(item instanceof Json.Obj said)) {
        throw new IllegalArgumentException(place + " is no mapping");
      }
      var name = said.text("name").filter(text -> !text.isBlank() && text.length() <= 200);
      if (name.isEmpty() || !names.add(name.get())) {
        throw new IllegalArgumentException(place + " needs a name of its own");
      }
      cases.add(of(name.get(), said, shared));
    }
    return cases;
  }

  private static PolicyTestCase of(String name, Json.Obj said, SupposedFacts shared) {
    refuseUnknown(name, said, KEYS);
    var expect = said.text("expect").orElse("");
    if (!Set.of("allow", "deny").contains(expect)) {
      throw new IllegalArgumentException(name + ": expect is allow or deny");
    }
    var facts = shared.with(SupposedFacts.of(object(said, FACTS, name)));
    var test = new PolicyTestCase(name, said, facts);
    var reason = test.reason();
    if (!reason.isEmpty()
        && List.of(Reason.values()).stream().noneMatch(one -> one.word().equals(reason))) {
      throw new IllegalArgumentException(name + ": no reason is called " + reason);
    }
    test.texts("policies");
    test.texts("obligations");
    test.texts("chain");
    return test;
  }

  boolean allow() {
    return said.text("expect").orElseThrow().equals("allow");
  }

  List<String> policies() {
    return texts("policies");
  }

  List<String> obligations() {
    return texts("obligations");
  }

  String reason() {
    return text("reason", "");
  }

  /// How many principals are asked about, the subject among them.
  int participants() {
    return Math.max(1, texts("chain").size());
  }

  /// The question as a decision would put it.
  Question question(PolicySnapshot snapshot) {
    var chain = chain();
    var action = action();
    var object = named("object", text("object", ""));
    var resource = resource(object, action);
    var request =
        new AccessRequest(
            new AccessRequest.Named("subject", chain.getFirst().text(), part("subjectProperties")),
            new AccessRequest.Asked(action.name(), part(ARGUMENTS)),
            new AccessRequest.Named(object.type(), object.id(), part(PROPERTIES)),
            part(CONTEXT),
            "");
    var held = flag("permitted") ? PERMITTED : PolicySet.of(List.of());
    return new Question(
        at(),
        request,
        Target.of(resource, action, object),
        new Grounds(chain, true, purpose(), Optional.empty(), List.of(), Optional.empty()),
        situation(),
        chain.stream().map(one -> new Participant(Uids.of(one), held)).toList(),
        Optional.empty(),
        facts.registers(snapshot.schema()));
  }

  private List<Id.Principal> chain() {
    var names = said.get("chain").isPresent() ? texts("chain") : List.of(text(SUBJECT, ""));
    if (names.isEmpty() || names.size() > CHAIN_MAX) {
      throw new IllegalArgumentException("chain names 1 to " + CHAIN_MAX + " principals");
    }
    return names.stream().map(SupposedFacts::principal).toList();
  }

  private Action action() {
    var sensitivity = Sensitivity.parse(text("sensitivity", "low"));
    if (sensitivity.isEmpty()) {
      throw new IllegalArgumentException("sensitivity is low, medium or high");
    }
    boolean reversible = said.get("reversible").isEmpty() || flag("reversible");
    return new Action(text("action", ""), sensitivity.get(), reversible, "");
  }

  private static AccessRequest.Named named(String member, String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || colon == text.length() - 1) {
      throw new IllegalArgumentException(member + " is type:id");
    }
    return new AccessRequest.Named(text.substring(0, colon), text.substring(colon + 1));
  }

  /// A resource whose enforcer is trusted for everything that the case says.
  private Resource resource(AccessRequest.Named object, Action action) {
    var asserts = new ArrayList<String>();
    assertion(asserts, "subject.", part("subjectProperties"));
    assertion(asserts, "action.", part(ARGUMENTS));
    assertion(asserts, "resource.", part(PROPERTIES));
    assertion(asserts, "context.", part(CONTEXT));
    return new Resource(
        new Id.Resource("res_supposed"),
        text("resource", "https://resource.example"),
        "supposed",
        List.of(object.type()),
        List.of(action),
        true,
        PersonRights.CHECKED,
        Algorithm.ES256,
        List.of(),
        asserts,
        1);
  }

  private static void assertion(List<String> asserts, String prefix, Json.Obj properties) {
    properties.members().keySet().forEach(name -> asserts.add(prefix + name));
  }

  private Stated purpose() {
    var name = text("purpose", "");
    return name.isEmpty()
        ? new Stated.Nothing()
        : new Stated.Purpose(new Id.Purpose("pur_supposed"), name);
  }

  private Situation situation() {
    var budgets = part("budgetLeft");
    var left = new TreeMap<String, Long>();
    for (var name : budgets.members().keySet()) {
      left.put(
          name,
          budgets
              .number(name)
              .orElseThrow(
                  () -> new IllegalArgumentException("budgetLeft." + name + " is a number")));
    }
    return new Situation(
        flag("approved"), flag("attended"), left, new TreeSet<>(texts("taskFacts")));
  }

  private Instant at() {
    var text = text("at", AT.toString());
    try {
      // Four digits of a year: what lies beyond has no weekday.
      if (text.length() <= "2024-01-01T09:00:00.000Z".length() && !text.startsWith("+")) {
        return Instant.parse(text);
      }
    } catch (DateTimeParseException _) {
      // Told below.
    }
    throw new IllegalArgumentException("at is a time as " + AT);
  }

  private String text(String key, String otherwise) {
    return said.get(key).isEmpty()
        ? otherwise
        : said.text(key)
            .orElseThrow(() -> new IllegalArgumentException(name + ": " + key + " is a text"));
  }

  private boolean flag(String key) {
    return said.get(key).isPresent()
        && said.flag(key)
            .orElseThrow(
                () -> new IllegalArgumentException(name + ": " + key + " is true or false"));
  }

  private List<String> texts(String key) {
    return said.get(key).isEmpty()
        ? List.of()
        : said.texts(key)
            .orElseThrow(
                () -> new IllegalArgumentException(name + ": " + key + " is a list of texts"));
  }

  private Json.Obj part(String key) {
    return object(said, key, name);
  }

  private static Json.Obj object(Json.Obj in, String key, String place) {
    return in.get(key).isEmpty()
        ? Json.object().build()
        : in.object(key)
            .orElseThrow(() -> new IllegalArgumentException(place + ": " + key + " is a mapping"));
  }

  private static void refuseUnknown(String place, Json.Obj in, Collection<String> known) {
    for (var key : in.members().keySet()) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            "%s: nothing is called %s; known are %s".formatted(place, key, new TreeSet<>(known)));
      }
    }
  }

  private static PolicySet permitted() {
    try {
      return PolicySet.parse("@id(\"permission\") permit (principal, action, resource);");
    } catch (CedarSyntaxException e) {
      throw new IllegalStateException("a policy of the program", e);
    }
  }
}
