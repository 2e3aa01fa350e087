package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.value.EntityUID;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Compares decisions, determining and erroring policies with cedar-java, which runs the reference
/// implementation. `-Dcedar.cases=N` sets the number of policies, `-Dseed=N` the first seed.
final class CedarJavaTest {
  private static final int POLICIES = 40;
  private static final int REQUESTS = 2;

  private final BasicAuthorizationEngine engine = new BasicAuthorizationEngine();

  @Test
  void generatedPoliciesAreDecidedAlike() throws Exception {
    var first = System.getProperty("seed", "");
    long seed = first.isEmpty() ? 20_261_123L : Long.parseLong(first);
    int cases = Integer.getInteger("cedar.cases", 3000);
    for (int done = 0; done < cases; done += POLICIES * REQUESTS) {
      compare(seed++);
    }
  }

  private void compare(long seed) throws Exception {
    var random = new Random(seed);
    var world = new WorldMaker(random);
    var generator = new PolicyGenerator(random);
    var texts = new TreeMap<String, String>();
    var permitsOnly = random.nextInt(4) != 0;
    for (int i = 0; i < POLICIES; i++) {
      var text = generator.policy("p" + i).print();
      texts.put("p" + i, permitsOnly ? text.replace("forbid(", "permit(") : text);
    }
    var policies = PolicySet.parse(texts);
    var all = new HashSet<com.cedarpolicy.model.policy.Policy>();
    texts.forEach((id, text) -> all.add(new com.cedarpolicy.model.policy.Policy(text, id)));
    var reference = new com.cedarpolicy.model.policy.PolicySet(all);
    var json = world.entities();
    var entities = Entities.parse(json);
    for (int i = 0; i < REQUESTS; i++) {
      var context = world.record(1);
      var plain = (Map<?, ?>) java.util.Objects.requireNonNull(PlainJson.read(context));
      var request = world.request(PlainValues.record("context", plain));
      var response = Authorizer.authorize(request, entities, policies);
      assertThat(summary(response))
          .as(() -> "-Dseed=" + seed + "\n" + texts + "\n" + request + "\n" + response.errors())
          .isEqualTo(reference(request, context, json, reference));
    }
  }

  private static List<Object> summary(Response response) {
    return List.of(
        response.allowed(),
        new HashSet<>(response.determiningIds()),
        new HashSet<>(response.errorIds()));
  }

  private List<Object> reference(
      Request request, String context, String json, com.cedarpolicy.model.policy.PolicySet policies)
      throws Exception {
    var holder =
        "{\"uid\": {\"type\": \"A\", \"id\": \"\"}, \"parents\": [], \"attrs\": " + context + "}";
    var attributes = com.cedarpolicy.model.entity.Entity.parse(holder).attrs;
    var response =
        engine.isAuthorized(
            new AuthorizationRequest(
                uid(request.principal()),
                uid(request.action()),
                uid(request.resource()),
                attributes),
            policies,
            com.cedarpolicy.model.entity.Entities.parse(json));
    var success =
        response.success.orElseThrow(
            () -> new AssertionError("the reference refused: " + response.errors));
    Set<String> errors = new HashSet<>();
    success.getErrors().forEach(error -> errors.add(error.getPolicyId()));
    return List.of(success.isAllowed(), new HashSet<>(success.getReason()), errors);
  }

  private static EntityUID uid(EntityUid uid) {
    return new EntityUID(
        com.cedarpolicy.value.EntityTypeName.parse(uid.type().name()).orElseThrow(), uid.id());
  }
}
