package io.prokura.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How identifiers, types, actions, properties and purposes may be written.
final class SpellingTest {

  @Test
  void normalisesSchemeHostAndPortOfAnIdentifier() {
    var cases =
        Map.of(
            "HTTPS://Crm.Example.ORG/MCP", "https://crm.example.org/MCP",
            "https://crm.example:443/x", "https://crm.example/x",
            "http://crm.example:80", "http://crm.example",
            "http://localhost:8420/mcp", "http://localhost:8420/mcp",
            "https://crm.example:80/", "https://crm.example:80/",
            "https://[2001:DB8::1]/mcp", "https://[2001:db8::1]/mcp",
            "https://crm.example/a%2Fb?v=1", "https://crm.example/a%2Fb?v=1",
            "URN:example:CRM", "urn:example:CRM");
    cases.forEach(
        (given, normal) ->
            assertThat(ResourceIdentifier.normalised(given)).as(given).contains(normal));
    cases
        .values()
        .forEach(
            normal ->
                assertThat(ResourceIdentifier.normalised(normal)).as(normal).contains(normal));
  }

  @Test
  void refusesIdentifiersThatTwoReadersCouldUnderstandDifferently() {
    for (var bad :
        List.of(
            "",
            "crm",
            "/mcp",
            "//crm.example/mcp",
            "https:crm.example",
            "https:///mcp",
            "https://",
            "https://crm.example/#",
            "https://crm.example/#part",
            "https://alice@crm.example/",
            "https://alice:secret@crm.example/",
            "https://@crm.example/",
            "https://crm.example/a/../b",
            "https://crm.example/./b",
            "https://crm.example/a/%2e%2E/b",
            "https://crm.example/a/.%2e",
            "https://crm.example/a b",
            "https://crm.example/a\\b",
            "https://crm.example\\@evil.example/",
            "https://crm.example/\u00e9",
            "https://cr\u0131m.example/",
            "https://crm.example:0x50/",
            "https://crm.example:99999999999/",
            "https://crm.example/%zz",
            "https://crm.example/\n",
            "https://crm.example/" + "x".repeat(500))) {
      assertThat(ResourceIdentifier.normalised(bad)).as(bad).isEmpty();
    }
  }

  @Test
  void takesEntityTypesThatAreNotTheServersOwn() {
    for (var good : List.of("record", "Crm::Ticket", "tool", "_x::y9", "Users", "Crm::User")) {
      assertThat(TypeName.isTypeName(good)).as(good).isTrue();
    }
    for (var bad :
        List.of(
            "",
            "Crm:Ticket",
            "Crm::",
            "::Ticket",
            "9x",
            "a b",
            "a-b",
            "in",
            "Crm::is",
            "__cedar::x",
            "Action",
            "Crm::Action",
            "User",
            "Agent",
            "Prokura::Agent",
            "x".repeat(101))) {
      assertThat(TypeName.isTypeName(bad)).as(bad).isFalse();
    }
    assertThat(TypeName.isShared("tool")).isTrue();
    assertThat(TypeName.isShared("record")).isFalse();
  }

  @Test
  void takesScopesAsActionsButNoWildcardAndNoScopeOfOpenIdConnect() {
    for (var good : List.of("crm.read", "tools/call", "a", "read:all", "x".repeat(100))) {
      assertThat(Action.isName(good)).as(good).isTrue();
    }
    for (var bad :
        List.of(
            "",
            "*",
            "crm.*",
            "a b",
            "a\"b",
            "a\\b",
            "\u00e9",
            "openid",
            "offline_access",
            "email",
            "x".repeat(101))) {
      assertThat(Action.isName(bad)).as(bad).isFalse();
    }
  }

  @Test
  void takesPropertiesOfTheFourParts() {
    for (var good : List.of("resource.status", "subject.role", "action.soft", "context.ip")) {
      assertThat(Resource.isProperty(good)).as(good).isTrue();
    }
    for (var bad :
        List.of("status", "resource.", "resource", "resource.a.b", "principal.x", "resource.*")) {
      assertThat(Resource.isProperty(bad)).as(bad).isFalse();
    }
  }

  @Test
  void takesDottedLowerCaseWordsAsPurposes() {
    for (var good : List.of("support.triage", "a", "gdpr-access", "a1.b2_c3", "x".repeat(100))) {
      assertThat(Purpose.isName(good)).as(good).isTrue();
    }
    for (var bad :
        List.of(
            "",
            "Support",
            "support.",
            ".support",
            "a..b",
            "a b",
            "1a",
            "a-",
            "\u00e9",
            "x".repeat(101))) {
      assertThat(Purpose.isName(bad)).as(bad).isFalse();
    }
  }

  @Test
  void matchesLongNamesInLittleTime() {
    assertThat(Purpose.isName("a".repeat(50) + "-a".repeat(24) + "!")).isFalse();
    assertThat(TypeName.isTypeName("a::".repeat(33))).isFalse();
  }
}
