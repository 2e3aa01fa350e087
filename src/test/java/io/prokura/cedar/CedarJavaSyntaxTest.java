package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import com.cedarpolicy.model.exception.InternalException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Compares with cedar-java, which runs the reference implementation, what is a policy at all. One
/// difference is meant and not tested here: the reference allows parentheses around the entity of a
/// scope, which the published grammar does not.
final class CedarJavaSyntaxTest {
  private static final List<String> BLANKS =
      List.of("\u00a0", "\ufeff", "\u200b", "\u2028", "\u0085", "\f");

  private static final String WORDS =
      """
      permit forbid when unless principal action resource context if then else in is
      has like true false __cedar A N :: "a" "*\\*" 1 9223372036854775808 - ! !!!! ----
      + * / % ( ) [ ] { } , ; . : == = != < <= && || @ ?principal ?resource ?x
      contains isEmpty ip decimal isIpv4 getTag Action a "\\u{0}" "\\u{1_0}" "\\u{_1}"
      "\\x7f" "\\x80" "\\'" "\\q" 1_000 01 'a' & | # /*
      """;

  private static final String EXPRESSIONS =
      """
      !-1
      -!true
      - 1
      1 . a
      context.a()
      {a:1,}
      [1,]
      ip("1",)
      {"a":1, a:2}
      {1:2}
      {if:1}
      {true:1}
      {principal:1}
      context.principal
      context.permit
      context has principal
      context has "a".b
      context has a."b"
      context has a . b
      A :: B :: "x" == 1
      principal in A::"a".b
      (1 == 2) == true
      1 == 2 && 3 == 4
      if true then 1 else 2 == 3
      1 + if true then 1 else 2
      !if true then 1 else 2
      principal is A in B
      principal is A in B::"x" && true
      principal is A == true
      principal is (A)
      principal is A::B::C in [A::"x"]
      context like "a" == true
      "a"["b"]
      context["a"]["b"].c
      context[a]
      ip("::1").isIpv4().x
      [1].contains(1,)
      [1].contains(1,2)
      [1].isEmpty(1)
      principal.getTag()
      A::ip("x")
      principal("x")
      principal::"x" == 1
      context::A::"x" == 1
      permit::"x" == 1
      __cedar::A::"x" == 1
      A::__cedar::"x" == 1
      A::if::"x" == 1
      -9223372036854775808
      - 9223372036854775808
      --9223372036854775808
      -(9223372036854775808)
      9223372036854775808
      -9223372036854775808.a
      1.a
      -1.a
      true.a
      000000000000000000000000000001
      A
      A::B
      "a""b"
      1 in 2 in 3
      1 has a has b
      1 like "a" like "b"
      context has __cedar
      context.__cedar
      context has a.if
      {__cedar: 1}
      {"__cedar": 1}
      ?principal == 1
      permit
      Action::"x".a
      User::{a:1}
      decimal("1.0").lessThan()
      lessThan(1,2)
      contains([1],1)
      "1.0".decimal()
      1 <= 2 >= 3
      ()
      (true,)
      true;
      {}
      []
      [,]
      {,}
      context.contains
      context has contains
      true || || false
      N::a.b
      true ? 1
      !!!!true
      !!!!!true
      ----1
      -----1
      - - 1
      1--1
      1-----1
      1------1
      principal == ?principal
      "" like "\\u{2a}"
      "\\0"=="\\u{0}"
      "\\01"==""
      "\\u{110000}"==""
      "\\u{00000041}"==""
      "\\u{4_1}"==""
      "\\u41"==""
      "\\b"==""
      "\\/"==""
      "\\*"==""
      "\\x4"==""
      """;

  private static final String TEXTS =
      """
      permit(principal,action,resource,);
      permit(principal,,action,resource);
      permit(principal in [A::"x"],action,resource);
      permit(principal,action in [],resource);
      permit(principal,action in [Action::"x",],resource);
      permit(principal,action in [User::"x"],resource);
      permit(principal,action == User::"x",resource);
      permit(principal,action == A::Action::"x",resource);
      permit(principal,action == Action::A::"x",resource);
      permit(principal,action is Action,resource);
      permit(principal,action in ?principal,resource);
      permit(principal is A::B in A::"x",action,resource);
      permit(principal == A::"x" in A::"x",action,resource);
      permit(principal is A is B,action,resource);
      permit(principal has a,action,resource);
      permit(principal: A,action,resource);
      permit(action,principal,resource);
      permit(principal,action,resource) when {};
      permit(principal,action,resource) unless {true} when {true} when {false};
      permit(principal,action,resource) advice {true};
      @a permit(principal,action,resource);
      @a() permit(principal,action,resource);
      @a("x",) permit(principal,action,resource);
      @if("x") permit(principal,action,resource);
      @__cedar("x") permit(principal,action,resource);
      @a @a permit(principal,action,resource);
      @ a ("x") permit(principal,action,resource);
      permit(principal,action,resource); permit(principal,action,resource);
      permit(principal is permit,action,resource);
      permit(principal == principal::"x",action,resource);
      permit(principal is A in ?principal,action,resource);
      permit(principal is ?principal,action,resource);
      permit(principal,action,resource) when { true }
      permit(principal,action == [Action::"a"],resource);
      @a("\\q") permit(principal,action,resource);
      permit(principal == A::"\\q",action,resource);
      permit(principal in principal,action,resource);
      // only
      permit(principal,action,resource); //x
      """;

  @Test
  void changedPoliciesAreAcceptedAlike() throws CedarSyntaxException {
    var first = System.getProperty("seed", "");
    long seed = first.isEmpty() ? 20_261_123L : Long.parseLong(first);
    int cases = Integer.getInteger("cedar.cases", 2000);
    for (int i = 0; i < cases; i++) {
      var random = new Random(seed);
      var tokens = new ArrayList<String>();
      for (var token : Lexer.tokens(new PolicyGenerator(random).policy("p").print())) {
        tokens.add(token.text());
      }
      change(tokens, random);
      if (random.nextInt(3) == 0) {
        change(tokens, random);
      }
      check(String.join(" ", tokens), "-Dseed=" + seed);
      seed++;
    }
  }

  private static void change(List<String> tokens, Random random) {
    int at = random.nextInt(tokens.size());
    var words = random.nextInt(10) == 0 ? BLANKS : List.of(WORDS.split("\\s+"));
    var word = words.get(random.nextInt(words.size()));
    switch (random.nextInt(4)) {
      case 0 -> tokens.remove(at);
      case 1 -> tokens.set(at, word);
      case 2 -> tokens.add(at, word);
      default -> Collections.swap(tokens, at, random.nextInt(tokens.size()));
    }
  }

  @Test
  void oddExpressionsAreAcceptedAlike() {
    EXPRESSIONS
        .lines()
        .forEach(expr -> check("permit(principal,action,resource) when { " + expr + " };", expr));
  }

  @Test
  void oddPoliciesAreAcceptedAlike() {
    TEXTS.lines().forEach(text -> check(text, text));
    check("", "empty");
    check("permit(principal,action,resource) // a\r when { \"\r\" == 1 };", "carriage return");
    check("permit(principal,action,resource) when { \"\n\" == 1 };", "line feed");
    check("permit(principal,action,resource) when { \"\\\n\" == 1 };", "continued line");
  }

  private static void check(String text, String description) {
    assertThat(accepted(text)).as(description + ": " + text).isEqualTo(acceptedByReference(text));
  }

  private static boolean accepted(String text) {
    try {
      Policy.parse("p", text);
      return true;
    } catch (CedarSyntaxException _) {
      return false;
    }
  }

  private static boolean acceptedByReference(String text) {
    try {
      com.cedarpolicy.model.policy.Policy.parseStaticPolicy(text);
      return true;
    } catch (InternalException _) {
      return false;
    }
  }
}
