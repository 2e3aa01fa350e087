package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AuthorizerTest {
  private static final Request REQUEST =
      new Request(
          EntityUid.of("User", "alice"),
          EntityUid.of("Action", "a"),
          EntityUid.of("File", "f"),
          new RecordValue(Map.of("n", new LongValue(1))));

  /// What each of the six policies does: both effects, satisfied, not satisfied, and failing.
  private static final List<String> SIX =
      List.of(
          "permit(principal, action, resource);",
          "permit(principal, action, resource) when { false };",
          "permit(principal, action, resource) when { context.absent };",
          "forbid(principal, action, resource) unless { false };",
          "forbid(principal, action, resource) unless { true };",
          "forbid(principal, action, resource) unless { 1 };");

  private static Policy policy(int kind, String id) throws CedarSyntaxException {
    return Policy.parse(id, SIX.get(kind));
  }

  @Test
  void everySetOfTheSixKindsOfPoliciesIsDecidedRight() throws CedarSyntaxException {
    for (int chosen = 0; chosen < 1 << SIX.size(); chosen++) {
      var policies = new ArrayList<Policy>();
      for (int kind = 0; kind < SIX.size(); kind++) {
        if ((chosen >> kind & 1) == 1) {
          policies.add(policy(kind, "p" + kind));
        }
      }
      check(chosen, Authorizer.authorize(REQUEST, Entities.none(), PolicySet.of(policies)));
      var each = new ArrayList<PolicySet>();
      for (var policy : policies) {
        each.add(PolicySet.of(List.of(policy)));
      }
      check(chosen, Authorizer.authorize(REQUEST, Entities.none(), each));
    }
  }

  private static void check(int chosen, Response response) {
    boolean permitted = (chosen & 1) != 0;
    boolean forbidden = (chosen & 8) != 0;
    var determining = forbidden ? List.of("p3") : permitted ? List.of("p0") : List.<String>of();
    var errors = new ArrayList<String>();
    if ((chosen & 4) != 0) {
      errors.add("p2");
    }
    if ((chosen & 32) != 0) {
      errors.add("p5");
    }
    assertThat(response.allowed()).as("chosen " + chosen).isEqualTo(permitted && !forbidden);
    assertThat(response.determiningIds()).as("chosen " + chosen).isEqualTo(determining);
    assertThat(response.errorIds()).as("chosen " + chosen).isEqualTo(errors);
  }

  @Test
  void aForbidThatFailsForbidsNothingButIsReported() throws CedarSyntaxException {
    var policies = PolicySet.of(List.of(policy(0, "permit"), policy(5, "forbid")));
    var response = Authorizer.authorize(REQUEST, Entities.none(), policies);
    assertThat(response.decision()).isEqualTo(Decision.ALLOW);
    assertThat(response.errors())
        .extracting(PolicyError::toString)
        .containsExactly("forbid: expected bool but found long");
  }

  @Test
  void everyDeterminingPolicyIsNamedOnceAndInOrder() throws CedarSyntaxException {
    var first =
        PolicySet.of(
            List.of(
                policy(0, "b"),
                Policy.parse(
                    "a", "permit(principal, action in [Action::\"a\", Action::\"g\"], resource);"),
                policy(0, "c")));
    var second = PolicySet.of(List.of(policy(0, "d"), policy(0, "a2")));
    var action =
        new Entity(EntityUid.of("Action", "a"), Map.of(), Set.of(EntityUid.of("Action", "g")));
    var response =
        Authorizer.authorize(REQUEST, Entities.of(List.of(action)), List.of(first, second));
    assertThat(response.determiningIds()).containsExactly("b", "a", "c", "d", "a2");
    assertThat(response.ofFirst()).isEqualTo(3);
  }

  @Test
  void nothingPermitsWithoutAPolicy() {
    var response = Authorizer.authorize(REQUEST, Entities.none(), List.of());
    assertThat(response).isEqualTo(new Response(Decision.DENY, List.of(), 0, List.of()));
  }

  @Test
  void scopesAreMatchedThroughTheIndex() throws CedarSyntaxException {
    var texts =
        List.of(
            "permit(principal == User::\"alice\", action, resource);",
            "permit(principal == User::\"bob\", action, resource);",
            "permit(principal is User, action, resource);",
            "permit(principal is Group, action, resource);",
            "permit(principal in Group::\"staff\", action, resource);",
            "permit(principal in User::\"alice\", action, resource);",
            "permit(principal is User in Group::\"staff\", action, resource);",
            "permit(principal is Group in Group::\"staff\", action, resource);",
            "permit(principal, action in [], resource);",
            "permit(principal, action == Action::\"b\", resource);",
            "permit(principal, action, resource == File::\"f\");",
            "permit(principal, action, resource in File::\"g\");",
            "permit(principal, action, resource) when { principal == User::\"bob\" && 1 };",
            "permit(principal, action, resource) when { 1 && principal == User::\"bob\" };",
            "permit(principal, action, resource) when { [].contains(context.absent) };",
            "permit(principal, action, resource) when { context.absent == 1 };",
            "permit(principal, action, resource)"
                + " when { context has absent && context.absent == 1 };",
            "permit(principal, action, resource) when { context.n == 2 };",
            "permit(principal, action, resource) when { [1, 2].contains(context.n) };");
    var policies = new ArrayList<Policy>();
    for (var text : texts) {
      policies.add(Policy.parse("p" + policies.size(), text));
    }
    var alice =
        new Entity(EntityUid.of("User", "alice"), Map.of(), Set.of(EntityUid.of("Group", "staff")));
    var response =
        Authorizer.authorize(REQUEST, Entities.of(List.of(alice)), PolicySet.of(policies));
    assertThat(response.determiningIds())
        .containsExactly("p0", "p2", "p4", "p5", "p6", "p10", "p18");
    assertThat(response.errorIds()).containsExactly("p13", "p14", "p15");
  }
}
