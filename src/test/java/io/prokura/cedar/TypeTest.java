package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TypeTest {
  private static final Type.RecordType CONTEXT = context();

  private static Type.RecordType context() {
    try {
      return Schema.parse(
              "s",
              """
              entity User; entity Tool;
              action use appliesTo {principal: User, resource: Tool, context: {
                now: datetime, count?: Long, price?: decimal, window?: duration, ip?: ipaddr,
                subject?: User, chain?: Set<User>, approved?: Bool,
                session?: {id: String, ip?: ipaddr}}};
              """)
          .contextOf(EntityUid.of("Action", "use"))
          .orElseThrow();
    } catch (SchemaException broken) {
      throw new AssertionError(broken);
    }
  }

  private static Value read(String name, Object plain) throws TypeMismatchException {
    var values = Map.of("now", Instant.EPOCH, name, plain);
    var read = CONTEXT.read(values, TypeUndeclared.REFUSE).attributes().get(name);
    return java.util.Objects.requireNonNull(read);
  }

  private static String refusal(Map<String, ?> values, TypeUndeclared undeclared) {
    var refusal =
        catchThrowableOfType(TypeMismatchException.class, () -> CONTEXT.read(values, undeclared));
    assertThat(refusal).as("refusal of " + values).isNotNull();
    return String.valueOf(refusal.getMessage());
  }

  private static String refusal(String name, Object plain) {
    return refusal(Map.of("now", Instant.EPOCH, name, plain), TypeUndeclared.REFUSE);
  }

  @Test
  void stringsBecomeWhatTheSchemaSays() throws TypeMismatchException {
    assertThat(CONTEXT.read(Map.of("now", "2030-01-01T00:00:00Z"), TypeUndeclared.REFUSE))
        .isEqualTo(
            new RecordValue(Map.of("now", DateTime.of(Instant.parse("2030-01-01T00:00:00Z")))));
    assertThat(read("price", "12.5")).isEqualTo(Decimal.parse("12.5").orElseThrow());
    assertThat(read("window", "1h30m")).isEqualTo(new Duration(5_400_000));
    assertThat(read("window", java.time.Duration.ofMinutes(90))).isEqualTo(new Duration(5_400_000));
    assertThat(read("ip", "10.0.0.1")).isEqualTo(IpAddress.parse("10.0.0.1").orElseThrow());
    assertThat(read("subject", "alice")).isEqualTo(EntityUid.of("User", "alice"));
    assertThat(read("subject", "User::\"alice\""))
        .isEqualTo(EntityUid.of("User", "User::\"alice\""));
  }

  @Test
  void theEscapesOfCedarJsonAreRead() throws TypeMismatchException {
    var alice = EntityUid.of("User", "alice");
    var uid = Map.of("type", "User", "id", "alice");
    assertThat(read("subject", uid)).isEqualTo(alice);
    assertThat(read("subject", Map.of("__entity", uid))).isEqualTo(alice);
    assertThat(read("chain", List.of(uid, "alice", alice))).isEqualTo(SetValue.of(alice));
    var call = Map.of("fn", "ip", "arg", "10.0.0.1");
    assertThat(read("ip", call)).isEqualTo(IpAddress.parse("10.0.0.1").orElseThrow());
    assertThat(read("ip", Map.of("__extn", call)))
        .isEqualTo(IpAddress.parse("10.0.0.1").orElseThrow());
  }

  @Test
  void numbersHaveToBeWholeAndInRange() throws TypeMismatchException {
    assertThat(read("count", 3)).isEqualTo(new LongValue(3));
    assertThat(read("count", BigInteger.valueOf(Long.MIN_VALUE)))
        .isEqualTo(new LongValue(Long.MIN_VALUE));
    assertThat(read("count", new BigDecimal("3"))).isEqualTo(new LongValue(3));
    assertThat(refusal("count", 3.0))
        .isEqualTo("count: expected a whole number but found the" + " number \"3.0\"");
    assertThat(refusal("count", BigInteger.TWO.pow(63)))
        .isEqualTo("count: the number is outside the range of 64-bit integers");
  }

  @Test
  void valuesOfOtherTypesAreRefused() {
    assertThat(refusal("count", "3"))
        .isEqualTo("count: expected a whole number but found the string \"3\"");
    assertThat(refusal("approved", "true"))
        .isEqualTo("approved: expected true or false but found the string \"true\"");
    assertThat(refusal("subject", EntityUid.of("Tool", "x")))
        .isEqualTo("subject: expected an entity of type User but found one of type Tool");
    assertThat(refusal("subject", Map.of("type", "Tool", "id", "x")))
        .isEqualTo("subject: expected an entity of type User but found one of type Tool");
    assertThat(refusal("chain", List.of("a", 1)))
        .isEqualTo("chain[1]: expected an entity of type User but found the number \"1\"");
    assertThat(refusal("ip", "10.0.0.300"))
        .startsWith("ip: expected an IP address or range such as");
    assertThat(refusal("ip", Map.of("fn", "decimal", "arg", "1.0"))).startsWith("ip: expected");
    assertThat(refusal("ip", new StringValue("10.0.0.1"))).startsWith("ip: expected");
    assertThat(refusal("session", Map.of("id", "s", "ip", "?")))
        .startsWith("session.ip: expected an IP address");
    assertThat(refusal("session", List.of()))
        .isEqualTo("session: expected a record but found a list");
  }

  @Test
  void aMissingRequiredAttributeIsReported() {
    assertThat(refusal(Map.of(), TypeUndeclared.DROP))
        .isEqualTo("the required attribute 'now' (datetime) is missing");
    assertThat(refusal("session", Map.of()))
        .isEqualTo("session: the required attribute 'id' (String) is missing");
  }

  @Test
  void undeclaredAttributesAreDroppedOrRefused() throws TypeMismatchException {
    assertThat(refusal("cuont", 1))
        .isEqualTo("the attribute 'cuont' is not declared (did you mean 'count'?)");
    var values =
        Map.of("now", Instant.EPOCH, "x", List.of(), "session", Map.of("id", "s", "y", 1.5));
    assertThat(CONTEXT.read(values, TypeUndeclared.DROP))
        .isEqualTo(
            new RecordValue(
                Map.of(
                    "now",
                    DateTime.of(Instant.EPOCH),
                    "session",
                    new RecordValue(Map.of("id", new StringValue("s"))))));
  }

  @Test
  void valuesStandForThemselves() throws TypeMismatchException {
    var record =
        new RecordValue(
            Map.of(
                "now", DateTime.of(Instant.EPOCH),
                "chain", SetValue.of(EntityUid.of("User", "a"))));
    assertThat(CONTEXT.read(record.attributes(), TypeUndeclared.REFUSE)).isEqualTo(record);
  }

  @Test
  void typesAreShownShort() {
    assertThat(CONTEXT)
        .hasToString(
            "{approved?: Bool, chain?: Set<User>, count?: Long, ip?: ipaddr, now: datetime,"
                + " price?: decimal, session?: {...}, subject?: User, ...}");
  }
}
