package io.prokura.mcp;

import io.prokura.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One mapping being filled in: what it may still cost, and what it is filled from.
final class Filling {
  private static final Set<String> ENTITIES = Set.of("subject", "action", "resource", "context");
  private static final int EVALUATIONS_MAX = 20;
  private static final int EXPRESSIONS_MAX = 64;
  private static final int LEAVES_MAX = 1_000;
  private static final int DEPTH_MAX = 16;

  private final Expressions expressions;
  private final Json.Obj claims;
  private final Map<String, Object> variables;
  private final Budget budget;
  private int expressionsLeft = EXPRESSIONS_MAX;
  private int leavesLeft = LEAVES_MAX;

  Filling(Expressions expressions, Json.Obj params, Json.Obj claims) {
    this.expressions = expressions;
    this.claims = claims;
    var given = Values.toCel(params);
    var token = Values.toCel(claims);
    variables = Map.of("params", given, "token", token);
    budget = new Budget(given, token);
  }

  Mapped fill(Json mapping) {
    if (!(mapping instanceof Json.Obj envelope) || envelope.members().size() != 1) {
      throw new MappingFault("a mapping is an object with exactly one member");
    }
    var only = envelope.members().firstEntry();
    if (!(only.getValue() instanceof Json.Obj template)) {
      throw new MappingFault("a mapping's envelope holds an object");
    }
    return switch (only.getKey()) {
      case "evaluation" -> new Mapped.Evaluation(evaluation(template));
      case "evaluations" -> new Mapped.Evaluations(evaluations(template));
      default -> throw new MappingFault("a mapping is for evaluation or for evaluations");
    };
  }

  private Json.Obj evaluation(Json.Obj template) {
    var request = entities(template);
    request.put("subject", subject(request));
    request.put("context", context(request));
    complete(request);
    return object(request);
  }

  private Json.Obj evaluations(Json.Obj template) {
    var request = entities(template);
    request.put("subject", subject(request));
    request.put("context", context(request));
    if (!(template.get("evaluations").orElseGet(Json.Null::new) instanceof Json.Arr(var items))
        || items.isEmpty()
        || items.size() > EVALUATIONS_MAX) {
      throw new MappingFault("evaluations is a list of 1 to " + EVALUATIONS_MAX);
    }
    var filled = new ArrayList<Json>();
    for (var item : items) {
      filled.add(item(item, request));
    }
    request.put("evaluations", new Json.Arr(filled));
    // Every question is to be answered; nothing that a mapping says about it counts.
    return object(request);
  }

  private Json.Obj item(Json item, Map<String, Json> defaults) {
    if (!(item instanceof Json.Obj template)) {
      throw new MappingFault("an item of evaluations is an object");
    }
    if (template.get("subject").isPresent()) {
      throw new MappingFault("an item of evaluations names no subject");
    }
    var own = entities(template);
    if (own.containsKey("context")) {
      own.put("context", context(own));
    }
    var whole = new LinkedHashMap<>(defaults);
    whole.putAll(own);
    complete(whole);
    return object(own);
  }

  private Map<String, Json> entities(Json.Obj template) {
    var request = new LinkedHashMap<String, Json>();
    template
        .members()
        .forEach(
            (name, value) -> {
              if (ENTITIES.contains(name)) {
                value(value, 0).ifPresent(filled -> request.put(name, filled));
              }
            });
    return request;
  }

  /// The subject is the token's; of a mapping it takes what else is said about it.
  private Json.Obj subject(Map<String, Json> request) {
    var sub = claims.text("sub").orElseThrow(() -> new MappingFault("the token names no subject"));
    var members = new LinkedHashMap<String, Json>();
    switch (Optional.ofNullable(request.get("subject")).orElseGet(() -> Json.object().build())) {
      case Json.Obj said -> members.putAll(said.members());
      default -> throw new MappingFault("subject is an object");
    }
    if (!members.getOrDefault("id", Json.text(sub)).equals(Json.text(sub))) {
      throw new MappingFault("subject.id is not the subject of the access token");
    }
    members.put("id", Json.text(sub));
    members.putIfAbsent("type", Json.text("identity"));
    return new Json.Obj(members);
  }

  private Json.Obj context(Map<String, Json> request) {
    var members = new LinkedHashMap<String, Json>();
    switch (Optional.ofNullable(request.get("context")).orElseGet(() -> Json.object().build())) {
      case Json.Obj said -> members.putAll(said.members());
      default -> throw new MappingFault("context is an object");
    }
    claims.get("client_id").ifPresent(client -> members.putIfAbsent("agent", client));
    // Who acts is the token's to say, never the mapping's.
    members.remove("actor");
    claims.object("act").ifPresent(actor -> members.put("actor", actor));
    return new Json.Obj(members);
  }

  private static void complete(Map<String, Json> request) {
    text(request, "subject", "type");
    text(request, "subject", "id");
    text(request, "action", "name");
    text(request, "resource", "type");
    text(request, "resource", "id");
  }

  private static void text(Map<String, Json> request, String entity, String member) {
    if (!(request.get(entity) instanceof Json.Obj object)
        || object.text(member).filter(text -> !text.isEmpty()).isEmpty()) {
      throw new MappingFault(entity + "." + member + " is required and is a text");
    }
  }

  /// A value of the mapping with every expression in it evaluated; empty when that is *absent*.
  private Optional<Json> value(Json value, int depth) {
    if (depth > DEPTH_MAX || --leavesLeft < 0) {
      throw new MappingFault("the mapping is too large");
    }
    return switch (value) {
      case Json.Obj object -> {
        var members = new LinkedHashMap<String, Json>();
        object
            .members()
            .forEach(
                (name, member) ->
                    value(member, depth + 1).ifPresent(filled -> members.put(name, filled)));
        yield Optional.of(new Json.Obj(members));
      }
      case Json.Arr(var items) -> {
        List<Json> filled =
            items.stream().map(item -> value(item, depth + 1)).flatMap(Optional::stream).toList();
        yield Optional.of(new Json.Arr(filled));
      }
      case Json.Str(var text) when text.startsWith("$$") ->
          Optional.of(Json.text(text.substring(1)));
      case Json.Str(var text) when text.startsWith("$") -> expression(text.substring(1));
      default -> Optional.of(value);
    };
  }

  private Optional<Json> expression(String source) {
    if (--expressionsLeft < 0) {
      throw new MappingFault("a mapping has at most " + EXPRESSIONS_MAX + " expressions");
    }
    return expressions.evaluate(source, variables, budget);
  }

  private static Json.Obj object(Map<String, Json> members) {
    return new Json.Obj(new LinkedHashMap<>(members));
  }
}
