package io.prokura.decision;

import static io.prokura.decision.Reason.PROPERTY_INVALID;
import static io.prokura.decision.Reason.REQUEST_INVALID;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.delegation.Budget;
import io.prokura.jose.Crypto;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import java.util.Base64;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What an enforcer says is spent by what it asks about: `context.consume` says that it will be
/// done, `context.request_id` names the request, and `context.amounts` says how much of what, where
/// the enforcer is trusted with that.
///
/// `key` is a hash of who asks, the request id, and who does what to which object for how much: the
/// same request asked again has the same key, and a request id cannot pay for something else.
record Consumption(String key, SortedMap<String, Long> amounts) {
  private static final String AMOUNTS = "amounts";
  private static final String CONSUME = "consume";
  private static final String REQUEST_ID = "request_id";
  private static final String TRUST = "context.amounts";
  private static final int REQUEST_ID_MAX = 255;

  Consumption {
    amounts = Collections.unmodifiableSortedMap(new TreeMap<>(amounts));
  }

  /// Reads it from a question; empty when nothing is to be spent.
  static Step<Optional<Consumption>> of(Id.Principal enforcer, Question question) {
    var context = question.request().context();
    var consume = context.get(CONSUME);
    if (consume.isEmpty() || consume.get().equals(Json.flag(false))) {
      return Step.passed(Optional.empty());
    }
    if (!consume.get().equals(Json.flag(true))) {
      return Step.denied(REQUEST_INVALID, "context.consume is true or false");
    }
    var request = requestId(context);
    if (request.isEmpty()) {
      return Step.denied(
          REQUEST_INVALID,
          "what consumes needs context.request_id, a text of 1 to %d characters"
              .formatted(REQUEST_ID_MAX));
    }
    var stated = context.get(AMOUNTS);
    if (stated.isPresent() && !question.target().resource().asserts().contains(TRUST)) {
      return Step.denied(
          PROPERTY_INVALID, "you are not trusted with context.amounts at this resource");
    }
    var amounts = amounts(stated);
    return amounts.isEmpty()
        ? Step.denied(
            PROPERTY_INVALID,
            "context.amounts has words other than calls, each with a whole number from 0 to "
                + Budget.MAX)
        : Step.passed(
            Optional.of(
                new Consumption(key(enforcer, request.get(), question, stated), amounts.get())));
  }

  /// The name that an enforcer gives its request, so that what is asked again is known; empty where
  /// it gives none that is fit.
  static Optional<String> requestId(Json.Obj context) {
    return context.text(REQUEST_ID).filter(Consumption::isRequestId);
  }

  private static boolean isRequestId(String text) {
    return !text.isEmpty() && text.length() <= REQUEST_ID_MAX;
  }

  private static Optional<SortedMap<String, Long>> amounts(Optional<Json> stated) {
    var amounts = new TreeMap<String, Long>();
    if (stated.isEmpty()) {
      return Optional.of(amounts);
    }
    if (!(stated.get() instanceof Json.Obj object)) {
      return Optional.empty();
    }
    for (var member : object.members().entrySet()) {
      var name = member.getKey();
      if (!Budget.isName(name)
          || name.equals(Budget.CALLS)
          || !(member.getValue() instanceof Json.Whole(var amount))
          || amount < 0
          || amount > Budget.MAX) {
        return Optional.empty();
      }
      amounts.put(name, amount);
    }
    return Optional.of(amounts);
  }

  private static String key(
      Id.Principal enforcer, String request, Question question, Optional<Json> amounts) {
    var grounds = question.grounds();
    var object = question.request().object();
    var all =
        Json.object()
            .put("enforcer", enforcer.text())
            .put("request", request)
            .put("chain", grounds.chain().stream().map(Id::text).toList())
            .put("delegations", grounds.delegations().stream().map(Id::text).toList())
            .put("resource", question.target().resource().id().text())
            .put("action", question.target().action().name())
            .put("type", object.type())
            .put("object", object.id());
    amounts.ifPresent(stated -> all.put(AMOUNTS, stated));
    var hash = Crypto.sha256(all.build().toText().getBytes(UTF_8));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
  }
}
