package io.prokura.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.approvals.Approver;
import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamedApproversTest {
  private static final String USER = "user:usr_3knd47cxsmtz0wfzf80qp9j44d";
  private static final String GROUP = "group:grp_1gknnqk5jyv8sdns25a2103rnx";

  @Test
  void aPolicyNamesPeopleGroupsAndTheDelegator() throws Exception {
    var policy = policy("forbid", USER + ", " + GROUP + ",delegator");
    assertThat(NamedApprovers.problem(policy)).isEmpty();
    var approvers = NamedApprovers.of(policy).orElseThrow();
    assertThat(approvers.named()).isTrue();
    assertThat(approvers.anyOf())
        .hasOnlyElementsOfTypes(Approver.User.class, Approver.Group.class, Approver.Delegator.class)
        .hasSize(3);
  }

  @Test
  void aPolicyWithoutTheAnnotationNamesNobody() throws Exception {
    var policy = Policy.parse("p", "forbid (principal, action, resource);");
    assertThat(NamedApprovers.problem(policy)).isEmpty();
    assertThat(NamedApprovers.of(policy)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "everybody", "user:agt_1fn4a2bjr0h19stb37xpgkzzks", "group:", "delegator,,"})
  void whatIsNobodyIsFound(String annotation) throws Exception {
    var policy = policy("forbid", annotation);
    assertThat(NamedApprovers.of(policy)).isEmpty();
    assertThat(NamedApprovers.problem(policy)).get().asString().contains("between commas");
  }

  @Test
  void aPermitNeedsNoApproval() throws Exception {
    assertThat(NamedApprovers.problem(policy("permit", "delegator"))).isPresent();
  }

  private static Policy policy(String effect, String annotation) throws CedarSyntaxException {
    return Policy.parse(
        "p", "@approver(\"%s\") %s (principal, action, resource);".formatted(annotation, effect));
  }
}
