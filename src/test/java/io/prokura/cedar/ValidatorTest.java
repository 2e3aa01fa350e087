package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ValidatorTest {
  private static final String SCHEMA =
      """
      namespace Iam {
        type Session = {ip: ipaddr, mfa?: Bool};
        entity Level enum ["low", "high"];
        entity Group in [Group];
        entity User in [Group] {name: String, status: String, manager?: User};
        entity Agent in [Group] {
          owner: User, trust: Long, seen?: datetime, purposes: Set<String>, level?: Level
        } tags String;
        entity Tool in [Toolbox] {server: String, sensitivity: Long, price: decimal};
        entity Toolbox;
        action read;
        action invoke, list in [read] appliesTo {
          principal: [Agent], resource: [Tool],
          context: {now: datetime, purpose: String, session?: Session, subject?: User}
        };
        action manage appliesTo {principal: [User], resource: [Agent, Tool]};
      }
      """;
  private static final String INVOKE =
      "permit(principal, action == Iam::Action::\"invoke\", resource)\n";

  private final Validator validator = new Validator(schema());

  private static Schema schema() {
    try {
      return Schema.parse("iam.cedarschema", SCHEMA);
    } catch (SchemaException broken) {
      throw new AssertionError(broken);
    }
  }

  private List<String> findings(String policy) throws CedarSyntaxException {
    return validator.validate(Policy.parse("p", policy)).stream()
        .map(
            finding ->
                (finding.severity() == ValidationFinding.Severity.ERROR ? "" : "warning ")
                    + finding)
        .toList();
  }

  private void accepted(String condition) throws CedarSyntaxException {
    assertThat(findings(INVOKE + "when { " + condition + " };")).as(condition).isEmpty();
  }

  /// The condition starts at line 2, column 8.
  private void refused(String condition, String... findings) throws CedarSyntaxException {
    assertThat(findings(INVOKE + "when { " + condition + " };"))
        .as(condition)
        .containsExactly(findings);
  }

  @Test
  void policiesThatFitTheSchemaAreAccepted() throws CedarSyntaxException {
    accepted("principal.trust > 3 && context.purpose like \"crm:*\"");
    accepted("principal.purposes.contains(context.purpose)");
    accepted("principal has seen && context.now.durationSince(principal.seen) < duration(\"1h\")");
    accepted("principal in Iam::Group::\"staff\" || resource in Iam::Toolbox::\"crm\"");
    accepted("if context has subject then principal.owner == context.subject else true");
    accepted("principal.hasTag(\"team\") && principal.getTag(\"team\") == \"sales\"");
    accepted("context has session.mfa && context.session.mfa");
    accepted("principal has level && principal.level == Iam::Level::\"high\"");
    accepted("resource.price.lessThan(decimal(\"9.99\")) && resource is Iam::Tool");
    accepted("context has session && context.session.ip.isInRange(ip(\"10.0.0.0/8\"))");
    accepted("[principal.owner, Iam::User::\"root\"].contains(principal.owner)");
    accepted("principal.owner has manager && principal.owner.manager has manager");
  }

  @Test
  void misspelledNamesAreReportedWhereTheyStand() throws CedarSyntaxException {
    refused(
        "principal.owner.staus == \"active\"",
        "2:24: attribute 'staus' is not declared for entity type Iam::User"
            + " (did you mean 'status'?)");
    refused(
        "context has session && context.session.ipp.isLoopback()",
        "2:47: attribute 'ipp' is not declared for record (did you mean 'ip'?)");
    refused(
        "principal.owner == User::\"a\"",
        "2:27: the entity type User is not declared (did you mean 'Iam::User'?)");
    refused(
        "principal.owner is Iam::Usr",
        "2:8: the entity type Iam::Usr is not declared (did you mean 'Iam::User'?)",
        "warning 2:8: `principal.owner is Iam::Usr` is always false: it is of type Iam::User in"
            + " every request this is reached by");
    refused(
        "action == Action::\"invoke\"",
        "2:18: the action Action::\"invoke\" is not declared"
            + " (did you mean 'Iam::Action::\"invoke\"'?)");
    refused(
        "principal has level && principal.level == Iam::Level::\"hihg\"",
        "2:50: the enumerated entity type Iam::Level has no \"hihg\" (did you mean 'high'?)");
  }

  @Test
  void theFileNameIsTheCallers() throws CedarSyntaxException {
    var finding =
        validator.validate(Policy.parse("p", INVOKE + "when { principal.nme };")).getFirst();
    assertThat(finding.in("policies/crm.cedar"))
        .startsWith("policies/crm.cedar:2:18: attribute 'nme' is not declared");
    assertThat(finding.policy()).isEqualTo("p");
  }

  @Test
  void namesAreCheckedEvenWhereNothingIsEvaluated() throws CedarSyntaxException {
    assertThat(findings(INVOKE + "when { false && principal == Iam::Usr::\"a\" };"))
        .containsExactly(
            "2:30: the entity type Iam::Usr is not declared (did you mean 'Iam::User'?)");
  }

  @Test
  void theScopeIsCheckedAgainstWhatTheActionAppliesTo() throws CedarSyntaxException {
    assertThat(
            findings(
                "@note(\"a, (b\")\npermit(principal is Iam::User,\n"
                    + "  action == Iam::Action::\"invoke\", resource);"))
        .containsExactly(
            "2:8: no action of this scope applies to such a principal: it has to be of type"
                + " Iam::Agent");
    assertThat(
            findings(
                "permit(principal, action in [Iam::Action::\"invoke\", Iam::Action::\"list\"],\n"
                    + "  resource == Iam::Toolbox::\"crm\");"))
        .containsExactly(
            "2:3: no action of this scope applies to such a resource: it has to be of type"
                + " Iam::Tool");
    assertThat(findings("permit(principal is Iam::User, action, resource in Iam::Group::\"a\");"))
        .isEmpty();
    assertThat(findings("permit(principal, action in [], resource);"))
        .containsExactly("1:19: the list of actions is empty");
    assertThat(findings("permit(principal == Iam::Agnt::\"a\", action, resource);"))
        .containsExactly(
            "1:8: the entity type Iam::Agnt is not declared (did you mean 'Iam::Agent'?)");
    assertThat(findings("permit(principal, action in Iam::Action::\"read\", resource);")).isEmpty();
  }

  @Test
  void everyKindOfRequestIsChecked() throws CedarSyntaxException {
    assertThat(
            findings(
                "permit(principal, action == Iam::Action::\"manage\", resource)\n"
                    + "when { resource.server == \"a\" };"))
        .containsExactly("2:17: attribute 'server' is not declared for entity type Iam::Agent");
    assertThat(
            findings(
                "permit(principal, action == Iam::Action::\"manage\", resource)\n"
                    + "when { resource is Iam::Agent || resource.server == \"a\" };"))
        .isEmpty();
  }

  @Test
  void anOptionalAttributeNeedsATestBeforeIt() throws CedarSyntaxException {
    var untested =
        "attribute 'seen' of entity type Iam::Agent is optional: test `principal has seen` first";
    refused("principal.seen < context.now", "2:18: " + untested);
    refused("principal.seen < context.now && principal has seen", "2:18: " + untested);
    refused("!(principal has seen) || principal.seen < context.now", "2:43: " + untested);
    refused("(true || principal has seen) && principal.seen < context.now", "2:50: " + untested);
    accepted("(principal has seen || principal has seen) && principal.seen < context.now");
    assertThat(
            findings(
                INVOKE + "when { principal has seen } unless { principal.seen < context.now };"))
        .isEmpty();
    assertThat(
            findings(
                INVOKE + "unless { principal has seen } when { principal.seen < context.now };"))
        .containsExactly("2:48: " + untested);
  }

  @Test
  void aTagNeedsATestBeforeIt() throws CedarSyntaxException {
    refused(
        "principal.hasTag(\"a\") && principal.getTag(\"b\") == \"x\"",
        "2:33: the tag may be missing: test `principal.hasTag(\"b\")` first");
    refused("resource.getTag(\"a\") == \"x\"", "2:8: entity type Iam::Tool has no tags");
    accepted("principal.hasTag(context.purpose) && principal.getTag(context.purpose) == \"x\"");
  }

  @Test
  void operandsHaveToBeOfTheRightType() throws CedarSyntaxException {
    refused("principal.trust > \"3\"", "2:26: expected Long but this is String");
    refused("principal.trust", "2:18: expected Bool but this is Long");
    refused("principal.trust == \"3\"", "2:8: cannot compare Long with String");
    refused("principal.trust like \"3\"", "2:18: expected String but this is Long");
    refused("principal.trust.contains(3)", "2:18: expected a set but this is Long");
    refused("principal.purposes.contains(3)", "2:36: expected String but this is Long");
    refused("context.now < duration(\"1h\")", "2:22: expected datetime but this is duration");
    refused(
        "resource.price < decimal(\"1.0\")",
        "2:17: expected Long, datetime or duration but this is decimal; use `lessThan` and"
            + " `greaterThan`");
    refused(
        "principal.trust has a",
        "2:8: only records and entities have attributes, and this is Long");
    refused("principal in 1", "2:21: expected an entity or a set of entities but this is Long");
    refused(
        "(if principal.trust > 1 then 1 else \"a\") == 1",
        "2:9: the two branches have to be of one type, not Long and String");
  }

  @Test
  void strictRulesHold() throws CedarSyntaxException {
    refused(
        "[] == principal.purposes",
        "2:8: an empty set has no type: test for emptiness with `isEmpty()`");
    refused(
        "[1, \"a\"].contains(1)",
        "2:12: the elements of a set have to be of one type: expected Long but this is String");
    refused(
        "ip(context.purpose).isLoopback()",
        "2:8: `ip` takes a string written out, not `context.purpose`; declare the attribute as"
            + " ipaddr instead");
    refused(
        "ip(\"10.0.0.300\").isLoopback()",
        "2:11: `\"10.0.0.300\"` is not an IP address or range such as \"10.0.0.1\" or"
            + " \"2001:db8::/32\"");
    refused(
        "decimal(\"1.23456\").lessThan(resource.price)",
        "2:16: `\"1.23456\"` is not a decimal such as \"12.34\", with one to four digits after the"
            + " point");
  }

  @Test
  void aPolicyThatNeverAppliesIsAWarning() throws CedarSyntaxException {
    assertThat(findings(INVOKE + "when { principal has sen && principal.sen == 1 };"))
        .containsExactly(
            "warning 1:1: the policy never applies: its conditions are false in every request"
                + " that the schema allows",
            "warning 2:8: `principal has sen` is always false: attribute 'sen' is not declared"
                + " for entity type Iam::Agent (did you mean 'seen'?)");
    assertThat(findings(INVOKE + "when { principal in Iam::Tool::\"x\" };"))
        .last()
        .isEqualTo(
            "warning 2:8: `principal in Iam::Tool::\"x\"` is always false: entity type Iam::Agent"
                + " is never a member of Iam::Tool");
    assertThat(Validator.accepts(validator.validate(Policy.parse("p", INVOKE + "when { false };"))))
        .isTrue();
  }

  @Test
  void aTestThatIsNeverTrueIsAWarningWhereTheRestApplies() throws CedarSyntaxException {
    refused(
        "principal.trust > 1 || principal == Iam::User::\"a\"",
        "warning 2:31: `principal == Iam::User::\"a\"` is always false: one is of type Iam::Agent"
            + " and the other of type Iam::User");
  }

  @Test
  void textThatLooksDifferentFromWhatItSaysIsAWarning() throws CedarSyntaxException {
    assertThat(findings(INVOKE + "// \u202e\nwhen { principal.trust > 1 };"))
        .containsExactly(
            "warning 2:4: a character that changes the direction of the text makes it look"
                + " different");
  }

  @Test
  void overflowIsNotChecked() throws CedarSyntaxException {
    accepted("9223372036854775807 + principal.trust > 0");
  }

  @Test
  void templatesAreCheckedWhateverFillsTheirSlots() throws CedarSyntaxException {
    var template =
        Template.parse(
            "t",
            "permit(principal == ?principal, action == Iam::Action::\"invoke\", resource in"
                + " ?resource) when { principal.trust > 1 };");
    assertThat(validator.validate(template)).isEmpty();
    var good =
        template.link(
            "l",
            Map.of(
                Slot.PRINCIPAL, EntityUid.of("Iam::Agent", "a"),
                Slot.RESOURCE, EntityUid.of("Iam::Toolbox", "crm")));
    assertThat(validator.validate(good)).isEmpty();
    var bad =
        template.link(
            "l",
            Map.of(
                Slot.PRINCIPAL, EntityUid.of("Iam::User", "a"),
                Slot.RESOURCE, EntityUid.of("Iam::Toolbox", "crm")));
    assertThat(Validator.accepts(validator.validate(bad))).isFalse();
    var broken =
        Template.parse(
            "t",
            "permit(principal == ?principal, action == Iam::Action::\"invoke\", resource)"
                + " when { principal.nope };");
    assertThat(Validator.accepts(validator.validate(broken))).isFalse();
  }

  @Test
  void aHostilePolicyIsRefusedInBoundedTime() throws CedarSyntaxException {
    var clause = "when { principal.hasTag(\"%d\") && principal.getTag(\"%d\") == \"x\" }\n";
    var text = new StringBuilder(INVOKE);
    for (int i = 0; i < 10_000; i++) {
      text.append(clause.replace("%d", Integer.toString(i)));
    }
    assertThat(validator.validate(Policy.parse("p", text.append(";").toString()))).isNotNull();
    var errors = INVOKE + "when { principal.nope } ".repeat(10_000) + ";";
    assertThat(validator.validate(Policy.parse("p", errors))).hasSizeLessThan(60);
  }
}
