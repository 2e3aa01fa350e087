package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Every operator and function by hand, in the compiled code and in the interpreter.
final class OperatorTest {
  private static final EntityUid ALICE = EntityUid.of("User", "alice");
  private static final EntityUid STAFF = EntityUid.of("Group", "staff");
  private static final EntityUid EVERYONE = EntityUid.of("Group", "everyone");
  private static final EntityUid FILE = EntityUid.of("File", "f");
  private static final Entities ENTITIES =
      Entities.of(
          List.of(
              new Entity(
                  ALICE,
                  Map.of("age", new LongValue(21), "manager", EntityUid.of("User", "absent")),
                  Set.of(STAFF, EVERYONE),
                  Map.of("color", new StringValue("red")))));
  private static final Request REQUEST =
      new Request(
          ALICE,
          EntityUid.of("Action", "view"),
          FILE,
          new RecordValue(
              Map.of(
                  "n", new LongValue(7),
                  "a b", new StringValue("odd"),
                  "r", new RecordValue(Map.of("s", new RecordValue(Map.of()))))));

  private static Expr expr(String text) {
    try {
      return Policy.parse("p", "permit(principal, action, resource) when { " + text + " };")
          .conditions()
          .getFirst()
          .body();
    } catch (CedarSyntaxException refusal) {
      throw new AssertionError(text, refusal);
    }
  }

  private static Value value(String text) {
    var expr = expr(text);
    var value = new Interpreter(REQUEST, ENTITIES).value(expr);
    assertThat(Compiler.value(expr).apply(new Evaluation(REQUEST, ENTITIES)))
        .as(text)
        .isEqualTo(value);
    return value;
  }

  private static void yields(String wanted, String... texts) {
    for (var text : texts) {
      assertThat(value(text)).as(text).isEqualTo(value(wanted));
    }
  }

  private static void fails(String part, String... texts) {
    for (var text : texts) {
      var expr = expr(text);
      assertThatThrownBy(() -> new Interpreter(REQUEST, ENTITIES).value(expr))
          .as(text)
          .isInstanceOf(EvaluationException.class)
          .hasMessageContaining(part);
      assertThatThrownBy(() -> Compiler.value(expr).apply(new Evaluation(REQUEST, ENTITIES)))
          .as(text)
          .isInstanceOf(EvaluationException.class)
          .hasMessageContaining(part);
    }
  }

  @Test
  void logicStopsAsSoonAsTheResultIsKnown() {
    yields("true", "true && true", "false || true", "!false", "true || 1", "!!true");
    yields("false", "true && false", "false && 1", "false || false", "!true");
    fails("expected bool but found long", "true && 1", "1 && true", "false || 1", "1 || true");
    fails("expected bool but found string", "!\"a\"", "if \"a\" then 1 else 2");
    yields("1", "if true then 1 else context.absent");
    yields("2", "if false then context.absent else 2");
  }

  @Test
  void equalityIsOfTypeAndValue() {
    yields("true", "1 == 1", "[1, 2, 2] == [2, 1]", "{a: 1, b: 2} == {b: 2, a: 1}", "1 != true");
    yields("true", "User::\"alice\" == principal", "[[1], []] == [[], [1]]", "\"1\" != 1");
    yields("false", "User::\"alice\" == Group::\"alice\"", "[1] == [1, 2]", "{a: 1} == {}");
    yields("false", "\"A\" == \"a\"", "[] == {}", "duration(\"1ms\") == 1");
    yields("true", "decimal(\"1.0\") == decimal(\"1.0000\")");
    yields("true", "duration(\"1h\") == duration(\"60m\")");
    yields("true", "datetime(\"2024-10-15\") == datetime(\"2024-10-15T01:00:00+0100\")");
    yields("false", "ip(\"10.0.0.1/8\") == ip(\"10.0.0.2/8\")");
    yields("true", "ip(\"10.0.0.1\") == ip(\"10.0.0.1/32\")", "ip(\"::1\") == ip(\"0:0::0:1\")");
  }

  @Test
  void onlyLongsDatetimesAndDurationsHaveAnOrder() {
    yields("true", "1 < 2", "2 <= 2", "3 > 2", "2 >= 2", "-1 < 0");
    yields("false", "2 < 2", "3 <= 2", "2 > 2", "1 >= 2");
    yields("true", "datetime(\"1969-12-31\") < datetime(\"1970-01-01\")");
    yields("true", "duration(\"-1h\") < duration(\"1ms\")");
    fails("expected long but found string", "1 < \"2\"");
    fails("expected long, datetime or duration but found string", "\"1\" < 2");
    fails("expected datetime but found long", "datetime(\"1970-01-01\") < 1");
    fails("expected duration but found datetime", "duration(\"1h\") >= datetime(\"1970-01-01\")");
    fails("found decimal", "decimal(\"1.0\") < decimal(\"2.0\")");
  }

  @Test
  void arithmeticNeverWrapsAround() {
    yields("7", "1 + 2 * 3", "10 - 3", "-(-7)", "context.n");
    yields("-9223372036854775808", "-9223372036854775807 - 1");
    fails("overflow", "9223372036854775807 + 1", "-9223372036854775808 - 1");
    fails("overflow", "-(-9223372036854775808)", "9223372036854775807 * 2");
    fails("overflow", "-9223372036854775808 * -1", "-1 * -9223372036854775808");
    fails("expected long but found bool", "1 + true", "true * 1", "-true", "1 - false");
  }

  @Test
  void hierarchyIncludesTheEntityItself() {
    yields("true", "principal in Group::\"staff\"", "principal in Group::\"everyone\"");
    yields(
        "true",
        "principal in principal",
        "resource in resource",
        "principal in [resource, principal]");
    yields("false", "Group::\"staff\" in principal", "resource in Group::\"staff\"");
    yields("false", "principal in []");
    fails("expected entity but found long", "1 in principal", "principal in [principal, 1]");
    fails("expected entity or set of entities", "principal in 1");
    yields("true", "principal is User", "principal is User in Group::\"staff\"");
    yields("false", "principal is Group", "principal is Group in 1");
    fails("expected entity", "1 is User", "principal is User in 1");
  }

  @Test
  void attributesOfRecordsAndEntities() {
    yields("21", "principal.age", "principal[\"age\"]", "User::\"alice\".age", "{age: 21}.age");
    yields("\"odd\"", "context[\"a b\"]");
    yields("true", "principal has age", "context has \"a b\"", "context has r.s");
    yields("false", "principal has b", "resource has a", "context has r.t", "context has x.y.z");
    yields("false", "principal has manager.age", "context has r.s.t");
    fails("has no attribute \"b\"", "principal.b", "context.b", "{a: 1}.b");
    fails("`File::\"f\"` does not exist", "resource.a");
    fails("`User::\"absent\"` does not exist", "principal.manager.age");
    fails("expected entity or record but found long", "context.n.a", "1 has a");
    fails("expected entity or record but found long", "context has n.a");
  }

  @Test
  void tagsOfEntities() {
    yields("\"red\"", "principal.getTag(\"color\")");
    yields("true", "principal.hasTag(\"color\")");
    yields("false", "principal.hasTag(\"age\")", "resource.hasTag(\"color\")");
    fails("has no tag", "principal.getTag(\"age\")");
    fails("does not exist", "resource.getTag(\"color\")");
    fails("expected string but found long", "principal.getTag(1)", "resource.hasTag(1)");
    fails("expected entity but found record", "context.getTag(\"n\")", "context.hasTag(\"n\")");
  }

  @Test
  void setsAndTheirMembers() {
    yields("true", "[1, 2].contains(1)", "[[1]].contains([1])", "[].isEmpty()");
    yields("false", "[1, 2].contains(\"1\")", "[1].isEmpty()", "[].contains([])");
    yields(
        "true", "[1, 2].containsAll([2, 2])", "[1].containsAll([])", "[1, 2].containsAny([2, 3])");
    yields("false", "[1].containsAll([1, 2])", "[1].containsAny([])", "[].containsAny([1])");
    fails("expected set but found long", "(1).contains(1)");
    fails("expected set", "[1].containsAll(1)", "\"\".isEmpty()", "{}.containsAny([])");
  }

  @Test
  void patternsMatchTheWholeString() {
    yields("true", "\"eggs and ham\" like \"*ham\"", "\"ham\" like \"*h*a*m*\"", "\"\" like \"*\"");
    yields("true", "\"a*b\" like \"a\\*b\"", "\"abab\" like \"*ab\"", "\"\\\\x\" like \"\\\\*\"");
    yields(
        "false",
        "\"ham and eggs\" like \"*ham\"",
        "\"Gotham\" like \"ham*\"",
        "\"axb\" like \"a\\*b\"");
    yields("false", "\"aba\" like \"ab*ba\"", "\"ab\" like \"abc*\"", "\"\" like \"a\"");
    fails("expected string but found long", "1 like \"*\"");
  }

  @Test
  void decimals() {
    yields("true", "decimal(\"1.1\").lessThan(decimal(\"1.2\"))");
    yields("true", "decimal(\"-0.01\").greaterThan(decimal(\"-0.0101\"))");
    yields("true", "decimal(\"1.0\").lessThanOrEqual(decimal(\"1.00\"))");
    yields("true", "decimal(\"922337203685477.5807\").greaterThanOrEqual(decimal(\"0.0\"))");
    fails("cannot read", "decimal(\"1\")", "decimal(\"1.\")", "decimal(\".1\")");
    fails("cannot read", "decimal(\"1.23456\")", "decimal(\"922337203685477.5808\")");
    fails("expected decimal", "decimal(\"1.0\").lessThan(1)", "(1).lessThan(decimal(\"1.0\"))");
    fails("expected string", "decimal(1)");
  }

  @Test
  void addressesAndRanges() {
    yields(
        "true", "ip(\"127.0.0.1\").isIpv4()", "ip(\"::1\").isIpv6()", "ip(\"::1\").isLoopback()");
    yields("true", "ip(\"127.0.0.1/8\").isLoopback()", "ip(\"224.0.0.1\").isMulticast()");
    yields("false", "ip(\"127.0.0.1/7\").isLoopback()", "ip(\"::1/127\").isLoopback()");
    yields("false", "ip(\"ff00::/7\").isMulticast()", "ip(\"::1\").isIpv4()");
    yields("true", "ip(\"192.168.0.75\").isInRange(ip(\"192.168.0.1/24\"))");
    yields("true", "ip(\"10.0.0.0/9\").isInRange(ip(\"10.255.0.0/8\"))");
    yields(
        "true",
        "ip(\"1:2:3:4::\").isInRange(ip(\"1:2:3:4::/48\"))",
        "ip(\"1::\").isInRange(ip(\"::/0\"))");
    yields("false", "ip(\"192.168.0.75\").isInRange(ip(\"192.168.0.1/28\"))");
    yields(
        "false",
        "ip(\"10.0.0.0/7\").isInRange(ip(\"10.0.0.0/8\"))",
        "ip(\"1.1.1.1\").isInRange(ip(\"::/0\"))");
    yields("false", "ip(\"1:2:3:4:800::\").isInRange(ip(\"1:2:3:4::/69\"))");
    fails("cannot read", "ip(\"380.0.0.1\")", "ip(\"127.0.0.1/8/24\")", "ip(\"fzz::1\")");
    fails("cannot read", "ip(\"::ffff:1.2.3.4\")", "ip(\"01.2.3.4\")", "ip(\"1.2.3.4/33\")");
    fails("expected ipaddr", "ip(\"::1\").isInRange(1)");
  }

  @Test
  void pointsInTimeAndDurations() {
    yields(
        "duration(\"1d5h\")",
        "datetime(\"2024-10-16T00:00:00-0500\").durationSince(datetime(\"2024-10-15\"))");
    yields("datetime(\"2024-10-15\")", "datetime(\"2024-10-16\").offset(duration(\"-1d\"))");
    yields("datetime(\"2025-02-21\")", "datetime(\"2025-02-20T22:00:00-0500\").toDate()");
    yields("datetime(\"1969-12-31\")", "datetime(\"1969-12-31T23:59:59.999Z\").toDate()");
    yields("duration(\"3h\")", "datetime(\"2025-02-20T22:00:00-0500\").toTime()");
    yields("86400000", "duration(\"1d\").toMilliseconds()");
    yields("5", "duration(\"4m70s\").toMinutes()", "duration(\"5s999ms\").toSeconds()");
    yields("5", "duration(\"4h70m\").toHours()", "duration(\"4d30h\").toDays()");
    yields("-1", "duration(\"-1999ms\").toSeconds()");
    fails("out of range", "datetime(\"1970-01-02\").offset(duration(\"9223372036854775807ms\"))");
    fails("cannot read", "datetime(\"2023-02-29\")", "datetime(\"2016-12-31T23:59:60.000Z\")");
    fails(
        "cannot read",
        "duration(\"1s1d\")",
        "duration(\"\")",
        "duration(\"9223372036854775808ms\")");
    fails("expected duration", "datetime(\"1970-01-01\").offset(1)", "(1).toDays()");
  }

  @Test
  void theNumberOfArgumentsOfAnExtensionFunctionIsCheckedWhenItIsCalled() {
    fails("takes 1 arguments, not 2", "ip(\"::1\", \"::1\")", "ip(\"::1\").isIpv4(1)");
    fails("takes 2 arguments, not 1", "decimal(\"1.0\").lessThan()");
    yields("true", "true || ip()");
  }
}
