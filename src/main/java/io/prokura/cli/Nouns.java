package io.prokura.cli;

import static io.prokura.cli.Field.text;
import static io.prokura.cli.Field.texts;
import static io.prokura.cli.Noun.Verb.CREATE;
import static io.prokura.cli.Noun.Verb.DELETE;
import static io.prokura.cli.Noun.Verb.GET;
import static io.prokura.cli.Noun.Verb.LIST;
import static io.prokura.cli.Noun.Verb.MINE;
import static io.prokura.cli.Noun.Verb.UPDATE;

import io.prokura.cli.Noun.Filter;
import io.prokura.cli.Noun.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The management API as the command line sees it: one row for each kind of thing.
final class Nouns {
  private static final String OWNER = "usr_… or grp_… that answers for it";
  private static final String EXPIRES = "time it ends, such as 2027-01-31T12:00:00Z";

  private Nouns() {}

  /// Every kind of thing that is written by its members.
  static List<Noun> all() {
    return List.of(
        agent(),
        user(),
        group(),
        workload(),
        client(),
        issuer(),
        registrationToken(),
        resource(),
        purpose(),
        permission(),
        role(),
        assignment(),
        delegation(),
        approval(),
        audit(),
        cutoff());
  }

  private static Noun agent() {
    return new Noun(
        "agent",
        "agents",
        "AI systems: who owns them, what they are for, where they are in their life.",
        List.of(
            text("name", "what people call it"),
            text("description", "what it does"),
            text("owner", OWNER),
            text("backupOwner", "another usr_… or grp_… that does"),
            texts("purposes", "pur_… it declares to act for"),
            texts("capabilities", "names of its tools and skills"),
            text("environment", "development, test or production"),
            text("risk", "low, medium or high"),
            text("validUntil", "time from which it counts as not active"),
            new Field("bearerTokens", Field.Kind.FLAG, "whether its tokens need no key")),
        List.of("id", "name", "state", "owner", "risk", "environment"),
        List.of(
            new Filter("state", "only those in this state, such as active"),
            new Filter("owner", "only those of this owner")),
        Set.of(LIST, GET, CREATE, UPDATE),
        List.of(
            Step.of("activate", "Let a registered agent act."),
            Step.of("suspend", "Stop it; its owner may resume it."),
            Step.of("resume", "Let a suspended agent act again."),
            Step.of("quarantine", "Stop it; only a responder may release it."),
            new Step(
                "release",
                "End a quarantine.",
                Optional.of(text("to", "suspended (default) or active"))),
            Step.of("retire", "End it for good; the id stays."),
            Step.of("adopt", "Answer for a discovered agent."),
            Step.of("dismiss", "Turn a discovered agent away."),
            Step.of("kill", "Suspend it, and end every token that rests on it.")));
  }

  private static Noun user() {
    return new Noun(
        "user",
        "users",
        "People.",
        List.of(
            text("userName", "name to sign in with"),
            text("displayName", "name to show"),
            text("email", "where to write to"),
            texts("roles", "administrator, registrar, responder, policy_author, auditor")),
        List.of("id", "userName", "displayName", "active", "roles"),
        List.of(),
        Set.of(LIST, GET, CREATE, UPDATE),
        List.of(
            Step.of("activate", "Let the person act again."),
            Step.of("deactivate", "Stop the person and all that acts for them."),
            Step.of("invite", "Make the link to set up signing in; it is shown once."),
            Step.of("logout", "End every session of the person.")));
  }

  private static Noun group() {
    return new Noun(
        "group",
        "groups",
        "Named sets of people.",
        List.of(text("name", "name of the group"), texts("members", "usr_… in it")),
        List.of("id", "name", "members"),
        List.of(),
        Set.of(LIST, GET, CREATE, UPDATE, DELETE),
        List.of());
  }

  private static Noun workload() {
    return new Noun(
        "workload",
        "workloads",
        "Servers, services, devices and applications that act as themselves.",
        List.of(
            text("name", "what people call it"),
            text("description", "what it does"),
            text("owner", OWNER),
            texts("roles", "what it is in the management of this server"),
            new Field("transactionTokens", Field.Kind.FLAG, "whether it gets transaction tokens")),
        List.of("id", "name", "active", "owner", "roles"),
        List.of(),
        Set.of(LIST, GET, CREATE, UPDATE),
        List.of(Step.of("activate", "Let it act again."), Step.of("deactivate", "Stop it.")));
  }

  private static Noun client() {
    return new Noun(
        "client",
        "clients",
        "Applications that people use.",
        List.of(
            text("name", "what people call it"),
            new Field("everything", Field.Kind.FLAG, "yes when it sets no bound of its own"),
            new Field("covers", Field.Kind.COVERS, "else the most that goes through it")),
        List.of("id", "name", "active", "everything"),
        List.of(),
        Set.of(LIST, GET, CREATE, UPDATE),
        List.of(Step.of("activate", "Let it be used again."), Step.of("deactivate", "Stop it.")));
  }

  private static Noun issuer() {
    return new Noun(
        "issuer",
        "trusted-issuers",
        "Servers elsewhere whose signed words are believed.",
        List.of(
            text("issuer", "its URL, as it says it itself"),
            text("name", "what people call it"),
            text("jwksUri", "where its keys are, if not where its metadata says"),
            texts("grants", "jwt-bearer, id-jag: what its assertions are taken for"),
            new Field(
                "signIn",
                Field.Kind.OBJECT,
                "how people sign in by it: clientId, clientSecret, scopes, createUsers, …"),
            new Field(
                "receives",
                Field.Kind.RECEIVER,
                "who may bring it assertions: clients, their ids there, and res_…"),
            new Field(
                "agents",
                Field.Kind.OBJECT,
                "what is believed of its agents: mapping, purposes, shared, agentsMax, …"),
            new Field("reuse", Field.Kind.FLAG, "whether an ID-JAG with a key may be used again")),
        List.of("id", "name", "issuer", "active", "grants"),
        List.of(),
        Set.of(LIST, GET, CREATE, UPDATE),
        List.of(
            Step.of("activate", "Believe it again."),
            Step.of("deactivate", "Believe nothing of it.")));
  }

  private static Noun registrationToken() {
    return new Noun(
        "registration-token",
        "registration-tokens",
        "What lets programs register themselves as applications.",
        List.of(
            text("name", "what people call it"),
            new Field("uses", Field.Kind.NUMBER, "how many may register themselves with it"),
            text("expiresAt", "until when; a week if absent"),
            new Field(
                "pkceOptional",
                Field.Kind.FLAG,
                "yes when those that prove themselves need no PKCE")),
        List.of("id", "name", "state", "uses", "used", "expiresAt"),
        List.of(),
        Set.of(LIST, GET, CREATE),
        List.of(Step.of("revoke", "Let nothing be registered with it any more.")));
  }

  private static Noun resource() {
    return new Noun(
        "resource",
        "resources",
        "Protected APIs and MCP servers.",
        List.of(
            text("identifier", "its URI, the audience of tokens for it"),
            text("name", "what people call it"),
            texts("types", "entity types of its objects"),
            new Field(
                "actions",
                Field.Kind.ACTIONS,
                "contacts.edit:low[:reversible|:irreversible][:by=ARGUMENT,…]; a level is"
                    + " low, medium or high"),
            new Field("agentFacing", Field.Kind.FLAG, "whether it has to show the access token"),
            text("personRights", "checked here, or held by the resource"),
            text("accessTokenSigningAlg", "ES256, EdDSA or RS256"),
            texts("enforcers", "wkl_… that may ask about it"),
            texts("asserts", "properties it is trusted for")),
        List.of("id", "name", "identifier", "enforcers"),
        List.of(),
        Set.of(LIST, GET, CREATE, UPDATE),
        List.of());
  }

  private static Noun purpose() {
    return new Noun(
        "purpose",
        "purposes",
        "Registered reasons to act.",
        List.of(
            text("name", "dotted words such as support.triage"),
            text("description", "what it is for"),
            text("owner", OWNER),
            text("legalBasis", "why personal data may be used for it"),
            texts("dataCategories", "kinds of data it touches"),
            new Field("covers", Field.Kind.COVERS, "what it lets through"),
            text("broader", "pur_… it is a part of"),
            new Field(
                "hours",
                Field.Kind.HOURS,
                "when it covers anything: Europe/Berlin=monday,friday/09:00-17:30"),
            text("expiresAt", EXPIRES)),
        List.of("id", "name", "owner", "expiresAt"),
        List.of(),
        Set.of(LIST, GET, CREATE, UPDATE),
        List.of());
  }

  private static Noun permission() {
    return new Noun(
        "permission",
        "permissions",
        "Who may do what on which resource.",
        List.of(
            text("principal", "usr_…, agt_… or wkl_… it is given to"),
            text("resource", "res_… it is on"),
            texts("actions", "what it allows"),
            text("mode", "onBehalf (with a person in the chain) or own"),
            text("expiresAt", EXPIRES)),
        List.of("id", "principal", "resource", "mode", "actions", "revokedAt"),
        List.of(new Filter("principal", "only those of this principal")),
        Set.of(LIST, GET, CREATE),
        List.of(Step.of("revoke", "Take it back.")));
  }

  private static Noun role() {
    return new Noun(
        "role",
        "roles",
        "Named sets of permissions; none gives power in the management of this server.",
        List.of(
            text("name", "dotted words such as support-agent"),
            text("description", "what it is for"),
            new Field(
                "permissions", Field.Kind.PERMISSIONS, "what it gives; :own without a person too"),
            texts("excludes", "rol_… that nobody may hold together with it")),
        List.of("id", "name", "description"),
        List.of(),
        Set.of(LIST, GET, CREATE, UPDATE, DELETE),
        List.of());
  }

  private static Noun assignment() {
    return new Noun(
        "assignment",
        "role-assignments",
        "Who holds which role.",
        List.of(
            text("role", "rol_… that is given"),
            text("holder", "usr_…, agt_…, wkl_… or grp_… that gets it"),
            text("expiresAt", EXPIRES)),
        List.of("id", "role", "holder", "expiresAt", "revokedAt"),
        List.of(new Filter("holder", "only those to this one")),
        Set.of(LIST, GET, CREATE),
        List.of(Step.of("revoke", "Take it back.")));
  }

  private static Noun delegation() {
    return new Noun(
        "delegation",
        "delegations",
        "Who may act for whom, how far, and why.",
        List.of(
            text("delegator", "usr_…, agt_… or wkl_… acted for"),
            text("delegate", "agt_… that acts"),
            text("purpose", "pur_… it is for"),
            new Field("covers", Field.Kind.COVERS, "what it covers"),
            new Field("depthMax", Field.Kind.NUMBER, "how many actors a chain may have"),
            text("expiresAt", EXPIRES),
            new Field("budgets", Field.Kind.BUDGETS, "what may be spent at most")),
        List.of("id", "state", "delegator", "delegate", "expiresAt"),
        List.of(new Filter("principal", "only those given to or by this principal")),
        Set.of(LIST, GET, CREATE),
        List.of(
            Step.of("revoke", "Withdraw it."),
            new Step(
                "limit",
                "Set what may be spent under it.",
                Optional.of(
                    new Field("budgets", Field.Kind.BUDGETS, "what may be spent at most")))));
  }

  private static Noun approval() {
    return new Noun(
        "approval",
        "approvals",
        "What waits for a person's yes, and the yes or no.",
        List.of(),
        List.of("id", "state", "action", "object", "arguments", "expiresAt"),
        List.of(new Filter("state", "only those in this state, such as pending")),
        Set.of(LIST, MINE, GET),
        List.of(
            Step.of("approve", "Let exactly this action happen once."),
            Step.of("deny", "Refuse exactly this action.")));
  }

  private static Noun audit() {
    return new Noun(
        "audit",
        "audit",
        "The record of what was done, and the proof that nobody rewrote it.",
        List.of(),
        List.of("id", "leaf.at", "leaf.type", "leaf.about"),
        List.of(new Filter("about", "only what is about this id")),
        Set.of(LIST, GET),
        List.of());
  }

  private static Noun cutoff() {
    return new Noun(
        "cutoff",
        "cutoffs",
        "The numbered cut-offs: what was ended, by whom, in which order.",
        List.of(),
        List.of("number", "at", "target", "by"),
        List.of(),
        Set.of(LIST),
        List.of());
  }
}
