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

  private static final String WORLD =
      """
      [{"uid": {"type": "A", "id": "1"}, "parents": [{"type": "G", "id": "g"}],
        "attrs": {"n": 1, "r": {"s": {"t": 1}}, "e": {"__entity": {"type": "A", "id": "2"}}},
        "tags": {"k": "v"}},
       {"uid": {"type": "G", "id": "g"}, "parents": [{"type": "G", "id": "h"}], "attrs": {}},
       {"uid": {"type": "G", "id": "h"}, "parents": [], "attrs": {}}]
      """;

  /// Expressions at the edges of every operator, one a line. The principal and the resource are
  /// `A::"1"` and the absent `A::"2"`.
  private static final String DOUBTFUL =
      """
      "" like ""
      "" like "*"
      "" like "**"
      "*" like "\\*"
      "a" like "\\*"
      "aaa" like "a*a*a*a"
      "aaaa" like "a*a*a*a"
      "abab" like "*ab"
      "ab" like "ab*ab"
      "\\u{1F600}" like "*\\u{1F600}"
      "\\u{1F600}x" like "\\u{1F600}*x*"
      "\\u{e9}" like "e*"
      "\\n" like "*"
      1 like "*"
      principal in []
      principal in [principal, 1]
      principal in [1, principal]
      principal in [[principal]]
      [principal] in principal
      principal in "A"
      principal in G::"h"
      principal in [G::"x", G::"h"]
      principal.e in principal
      resource in resource
      resource in G::"h"
      B::"absent" in B::"absent"
      action in action
      action in Action::"other"
      principal is A in G::"h"
      principal is A in [G::"h", 1]
      principal is A in 1
      principal is G in 1
      principal is G in context.absent
      principal is A in context.absent
      context is A
      1 is A
      principal has n
      principal has r.s.t
      principal has r.s.u
      principal has r.u.v
      principal has n.x
      principal has e.n
      principal has e.n.x
      principal has k
      resource has n
      context has r.s
      context has absent.r
      {a: {b: 1}} has a.b
      {a: 1} has a.b
      {"": 1} has ""
      1 has n
      [1] has n
      principal.hasTag("k")
      principal.hasTag("n")
      principal.hasTag(1)
      principal.hasTag(context.absent)
      principal.getTag("k") == "v"
      principal.getTag("n") == 1
      resource.hasTag("k")
      resource.getTag("k") == "v"
      context.hasTag("k")
      principal.absent == 1
      resource.n == 1
      principal.e.n == 1
      context.absent == 1
      context["absent"] == 1
      {a: 1}.b == 1
      "a".b == 1
      9223372036854775807 + 1 == 0
      9223372036854775807 + 1 - 1 == 9223372036854775807
      -9223372036854775808 - 1 == 0
      -(-9223372036854775808) == 0
      --9223372036854775807 == 9223372036854775807
      3037000500 * 3037000500 == 0
      -1 * -9223372036854775808 == 0
      0 * -9223372036854775808 == 0
      false && 9223372036854775807 + 1 == 0
      true || 9223372036854775807 + 1 == 0
      true && 1
      false && 1
      true || 1
      false || 1
      1 && false
      1 || true
      !1
      !!true
      if true then true else 1
      if true then 1 else true
      if false then context.absent else true
      if 1 then true else true
      (if context.absent then 1 else 1) == 1
      1 == true
      1 != "1"
      [1] == [1, 1]
      [1, 2] == [2, 1]
      [] == [[]]
      [[1], [2]] == [[2], [1]]
      {a: 1} == {a: 1, b: 2}
      {a: 1, b: 2} == {b: 2, a: 1}
      {} == []
      resource == A::"2"
      principal == "A::\\"1\\""
      decimal("1.0") == 1
      decimal("1.0") == decimal("1.0000")
      ip("::1") == "::1"
      ip("::1") == ip("0:0:0:0:0:0:0:1/128")
      ip("10.0.0.1/8") == ip("10.0.0.2/8")
      duration("1h") == duration("60m")
      datetime("2024-01-01") == datetime("2024-01-01T00:00:00Z")
      true < false
      "a" < "b"
      1 < "2"
      decimal("1.0") < decimal("2.0")
      datetime("2024-01-01") < duration("1h")
      duration("-1h") < duration("1ms")
      [].containsAll([])
      [].containsAny([])
      [].isEmpty()
      [1].contains([1])
      [[1]].contains([1])
      [1, "a", true].contains(true)
      [1].containsAll([1, 1])
      [1].containsAll(1)
      [1].containsAny([1, context.absent])
      context.contains(1)
      decimal("0.1").lessThan(decimal("0.10"))
      decimal("-0.1").lessThan(decimal("0.0"))
      decimal("-0.0") == decimal("0.0")
      decimal("1.0").lessThan(1)
      ip("1.2.3.4/0").isInRange(ip("0.0.0.0/0"))
      ip("0.0.0.0/0").isInRange(ip("9.9.9.9/0"))
      ip("10.0.0.0/7").isInRange(ip("10.0.0.0/8"))
      ip("::/0").isInRange(ip("0.0.0.0/0"))
      ip("1:2:3:4:5:6:7:8/64").isInRange(ip("1:2:3:4::/64"))
      ip("1:2:3:4:8000::").isInRange(ip("1:2:3:4::/65"))
      ip("::ffff:0:0/96").isIpv4()
      ip("127.255.255.255").isLoopback()
      ip("127.0.0.1/7").isLoopback()
      ip("126.0.0.0/7").isLoopback()
      ip("::1/127").isLoopback()
      ip("::1/0").isLoopback()
      ip("ff02::1").isMulticast()
      ip("ff02::1/7").isMulticast()
      ip("239.0.0.0/4").isMulticast()
      ip("224.0.0.1/3").isMulticast()
      datetime("1969-12-31T23:59:59.999Z").toTime() == duration("86399999ms")
      datetime("1969-12-31T23:59:59.999Z").toDate() == datetime("1969-12-31")
      datetime("1969-12-31").toDate() == datetime("1969-12-31")
      datetime("1970-01-01").offset(duration("-106751991167d7h")).toDate() < datetime("1970-01-01")
      datetime("1970-01-01").offset(duration("-9223372036854775808ms")).toTime() < duration("1d")
      datetime("1970-01-02").offset(duration("9223372036854775807ms")) == datetime("1970-01-01")
      datetime("9999-12-31").durationSince(datetime("0000-01-01")) > duration("3652058d")
      datetime("2024-01-01").durationSince(\
      datetime("1970-01-01").offset(duration("-106751991167d"))) > duration("1d")
      duration("-1ms").toSeconds() == 0
      duration("-1999ms").toSeconds() == -1
      duration("-25h").toDays() == -1
      duration("1d").toDays(1) == 1
      datetime("2024-01-01").offset(1) == datetime("2024-01-01")
      ip() == ip()
      """;

  private final BasicAuthorizationEngine engine = new BasicAuthorizationEngine();

  @Test
  void doubtfulExpressionsAreDecidedAlike() throws Exception {
    var texts = new TreeMap<String, String>();
    DOUBTFUL
        .lines()
        .forEach(
            line -> texts.put(line, "permit(principal, action, resource) when { " + line + " };"));
    var request =
        new Request(EntityUid.of("A", "1"), EntityUid.of("Action", "view"), EntityUid.of("A", "2"));
    var response = Authorizer.authorize(request, Entities.parse(WORLD), PolicySet.parse(texts));
    assertThat(summary(response)).isEqualTo(reference(request, "{}", WORLD, referenceSet(texts)));
    assertThat(response.determining()).hasSizeGreaterThan(40);
    assertThat(response.errors()).hasSizeGreaterThan(40);
  }

  @Test
  void generatedPoliciesAreDecidedAlike() throws Exception {
    var first = System.getProperty("seed", "");
    long seed = first.isEmpty() ? 20_261_123L : Long.parseLong(first);
    int cases = Integer.getInteger("cedar.cases", 5000);
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
    var reference = referenceSet(texts);
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

  private static com.cedarpolicy.model.policy.PolicySet referenceSet(Map<String, String> texts) {
    var all = new HashSet<com.cedarpolicy.model.policy.Policy>();
    texts.forEach((id, text) -> all.add(new com.cedarpolicy.model.policy.Policy(text, id)));
    return new com.cedarpolicy.model.policy.PolicySet(all);
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
