package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PolicyParserTest {

  private static Expr when(String expr) throws CedarSyntaxException {
    return Policy.parse("p", "permit(principal, action, resource) when { " + expr + " };")
        .conditions()
        .getFirst()
        .body();
  }

  private static void refused(String text, int line, int column, String part) {
    assertThatThrownBy(() -> Policy.parse("p", text))
        .isInstanceOfSatisfying(
            CedarSyntaxException.class,
            refusal -> {
              assertThat(refusal.problem()).contains(part);
              assertThat(refusal.position()).isEqualTo(new Position(line, column));
            });
  }

  private static void refusedExpr(String expr, String part) {
    assertThatThrownBy(() -> when(expr))
        .as(expr)
        .isInstanceOf(CedarSyntaxException.class)
        .hasMessageContaining(part);
  }

  private static Expr number(long value) {
    return new Expr.Literal(new LongValue(value));
  }

  @Test
  void readsEveryPartOfAPolicy() throws CedarSyntaxException {
    var policy =
        Policy.parse(
            "mine",
            """
            // comment
            @id("other")
            @shadow
            forbid(
              principal is Iam::Agent in Iam::Group::"g",
              action in [Action::"a", Iam::Action::"b",],
              resource == File::"a\\"b",
            ) // comment
            when { true }
            unless { context.x }
            ;
            """);
    assertThat(policy.id()).isEqualTo("mine");
    assertThat(policy.annotations()).isEqualTo(Map.of("id", "other", "shadow", ""));
    assertThat(policy.effect()).isEqualTo(Effect.FORBID);
    assertThat(policy.principal())
        .isEqualTo(new Scope.IsIn(new EntityType("Iam::Agent"), EntityUid.of("Iam::Group", "g")));
    assertThat(policy.action())
        .isEqualTo(
            new ActionScope.InAny(
                List.of(EntityUid.of("Action", "a"), EntityUid.of("Iam::Action", "b"))));
    assertThat(policy.resource()).isEqualTo(new Scope.Equal(EntityUid.of("File", "a\"b")));
    assertThat(policy.conditions())
        .extracting(Condition::kind)
        .containsExactly(Condition.Kind.WHEN, Condition.Kind.UNLESS);
    assertThat(policy.source().position()).isEqualTo(new Position(2, 1));
    assertThat(policy.source().text()).startsWith("@id").endsWith(";");
    var attribute = policy.conditions().getLast().body();
    assertThat(policy.source().positionOf(attribute)).isEqualTo(new Position(10, 18));
  }

  @Test
  void operatorsBindAsTheGrammarSays() throws CedarSyntaxException {
    assertThat(when("1 + 2 * 3"))
        .isEqualTo(
            new Expr.Binary(
                BinaryOperator.ADD,
                number(1),
                new Expr.Binary(BinaryOperator.MULTIPLY, number(2), number(3))));
    assertThat(when("1 - 2 - 3")).isEqualTo(when("(1 - 2) - 3"));
    assertThat(when("true || false && 1 == 2")).isEqualTo(when("true || (false && (1 == 2))"));
    assertThat(when("!context.a.b")).isEqualTo(when("!(context.a.b)"));
    assertThat(when("if true then 1 else 2 + 3")).isEqualTo(when("if true then 1 else (2 + 3)"));
    assertThat(when("context has a.b && true")).isEqualTo(when("(context has a.b) && true"));
    assertThat(when("principal is A::B in C::\"d\""))
        .isEqualTo(
            new Expr.IsIn(
                new Expr.Var(Variable.PRINCIPAL),
                new EntityType("A::B"),
                new Expr.Literal(EntityUid.of("C", "d"))));
  }

  @Test
  void aMinusBeforeANumberBelongsToTheNumber() throws CedarSyntaxException {
    assertThat(when("-9223372036854775808")).isEqualTo(number(Long.MIN_VALUE));
    assertThat(when("--5")).isEqualTo(new Expr.Negate(number(-5)));
    assertThat(when("-(5)")).isEqualTo(new Expr.Negate(number(5)));
    assertThat(when("1 -2"))
        .isEqualTo(new Expr.Binary(BinaryOperator.SUBTRACT, number(1), number(2)));
    refusedExpr("9223372036854775808", "range of 64-bit");
    refusedExpr("-9223372036854775809", "range of 64-bit");
  }

  @Test
  void escapesAreThoseOfRust() throws CedarSyntaxException {
    assertThat(when("\"\\n\\r\\t\\\\\\0\\'\\\"\\x41\\u{1F600}\""))
        .isEqualTo(new Expr.Literal(new StringValue("\n\r\t\\\0'\"A\uD83D\uDE00")));
    refusedExpr("\"\\q\"", "unknown escape");
    refusedExpr("\"\\x80\"", "\\x7F");
    refusedExpr("\"\\x4\"", "two hexadecimal");
    refusedExpr("\"\\u{D800}\"", "not a Unicode character");
    refusedExpr("\"\\u{}\"", "not a Unicode character");
    refusedExpr("\"\\u{1234567}\"", "one to six");
    refusedExpr("\"\\*\"", "escape of patterns");
    refusedExpr("\"abc", "closing quote");
    assertThat(when("\"\" like \"a*\\*b\""))
        .isEqualTo(
            new Expr.Like(new Expr.Literal(new StringValue("")), new Pattern(List.of("a", "*b"))));
  }

  @Test
  void errorsSayWhereAndWhat() {
    refused("permit(principal, action, resource)", 1, 36, "`when`, `unless` or `;`");
    refused("permit(principal, action resource);", 1, 26, "`==`, `in`");
    refused("\npermit(\n  principle, action, resource);", 3, 3, "expected `principal`");
    refused("allow(principal, action, resource);", 1, 1, "`permit` or `forbid`");
    refused("permit(principal, action, resource); x", 1, 38, "the end of the text");
    refused("@a(\"1\") @a permit(principal, action, resource);", 1, 10, "repeated");
    refused("permit(principal == ?principal, action, resource);", 1, 1, "only a template");
    refused("permit(principal == ?resource, action, resource);", 1, 21, "`?principal`");
    refused("permit(principal, action == User::\"a\", resource);", 1, 29, "`Action`");
    refused("permit(principal, action is Action, resource);", 1, 26, "`==`, `in`");
    refused("permit(principal is if, action, resource);", 1, 21, "reserved word");
    refused("permit(principal == __cedar::A::\"\", action, resource);", 1, 21, "reserved word");
    refused("permit(principal, action, resource) when { \u0001 };", 1, 44, "unexpected character");
  }

  @Test
  void expressionsOutsideTheGrammarAreRefused() {
    refusedExpr("", "an expression");
    refusedExpr("1 == 2 == 3", "chained");
    refusedExpr("1 < 2 in 3", "chained");
    refusedExpr("context = 1", "`==`");
    refusedExpr("!!!!!true", "at most 4");
    refusedExpr("-----1", "at most 4");
    refusedExpr("1 / 2", "no operator `/`");
    refusedExpr("1 % 2", "no operator `%`");
    refusedExpr("context.if", "reserved word");
    refusedExpr("context has if", "reserved word");
    refusedExpr("context[1]", "in quotes");
    refusedExpr("foo", "neither a variable");
    refusedExpr("foo(1)", "no function `foo`");
    refusedExpr("context.foo(1)", "no method `foo`");
    refusedExpr("isIpv4(ip(\"::1\"))", "is a method");
    refusedExpr("\"127.0.0.1\".ip()", "is a function");
    refusedExpr("[1].contains()", "takes 1 arguments");
    refusedExpr("[1].isEmpty(1)", "takes 0 arguments");
    refusedExpr("{a: 1, \"a\": 2}", "repeated");
    refusedExpr("{if: 1}", "reserved word");
    refusedExpr("[1 2]", "`,` or `]`");
    refusedExpr("?principal", "only in the scope");
    refusedExpr("principal like 3", "a pattern");
    refusedExpr("context has a.b.\"c\"", "an attribute");
  }

  @Test
  void aWrongNumberOfArgumentsOfAnExtensionFunctionIsNoSyntaxError() throws CedarSyntaxException {
    assertThat(when("ip(\"::1\", 2).isIpv4(3)")).isInstanceOf(Expr.Call.class);
    assertThat(when("decimal()")).isInstanceOf(Expr.Call.class);
  }

  @Test
  void deepAndLongExpressionsAreRefusedWithoutOverflowingTheStack() {
    refusedExpr("(".repeat(100_000), "nested more than");
    refusedExpr("[".repeat(100_000), "nested more than");
    refusedExpr("if ".repeat(100_000), "nested more than");
    refusedExpr("true" + " && true".repeat(50_000), "within each other");
    refusedExpr("context" + ".a".repeat(50_000), "within each other");
    assertThatThrownBy(() -> Policy.parse("p", " ".repeat(PolicySet.TEXT_LENGTH_MAX + 1)))
        .isInstanceOf(CedarSyntaxException.class)
        .hasMessageContaining("longer than");
  }

  @Test
  void templatesAreLinkedToPolicies() throws CedarSyntaxException {
    var template =
        Template.parse(
            "t",
            "permit(principal in ?principal, action, resource is File in ?resource) when {true};");
    assertThat(template.slots()).containsExactly(Slot.PRINCIPAL, Slot.RESOURCE);
    var alice = EntityUid.of("User", "alice");
    var folder = EntityUid.of("Folder", "a");
    var linked = template.link("l", Map.of(Slot.PRINCIPAL, alice, Slot.RESOURCE, folder));
    assertThat(linked.id()).isEqualTo("l");
    assertThat(linked.principal()).isEqualTo(new Scope.In(alice));
    assertThat(linked.resource()).isEqualTo(new Scope.IsIn(new EntityType("File"), folder));
    assertThat(PolicySet.of(List.of(linked)).find("l")).contains(linked);
    assertThatThrownBy(() -> template.link("l", Map.of(Slot.PRINCIPAL, alice)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PolicySet.of(List.of(template.open())))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Template.parse("t", "permit(principal, action, resource);"))
        .hasMessageContaining("needs `?principal`");
  }

  @Test
  void aSetOfPoliciesKeepsTheCallersIds() throws CedarSyntaxException {
    var text = "@id(\"x\") permit(principal, action, resource);";
    assertThat(PolicySet.parse(Map.of("mine", text)).policies()).containsOnlyKeys("mine");
    assertThat(PolicySet.parse(text + text).policies()).containsOnlyKeys("policy0", "policy1");
    var policy = Policy.parse("p", text);
    assertThatThrownBy(() -> PolicySet.of(List.of(policy, policy)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
