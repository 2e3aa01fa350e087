package io.prokura.selftest;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the attacks are played with: throw-away parties on a running server, registered for this
/// run and known to nobody else. Whatever is left of them ends by itself within the hour.
///
/// @param actor an agent that may act for a person, within a delegation
/// @param helper an agent that it may hand work to
/// @param outsider an agent that has no part in it
/// @param victim an agent that will be ended
/// @param enforcer the workload that enforces the resource
/// @param neighbour the workload that enforces another one
/// @param application an application that people are sent from
/// @param rival another one
/// @param resource the identifier of the resource
/// @param elsewhere the identifier of the other one
/// @param person the id of whoever the actor acts for
/// @param browser where the person is signed in
/// @param bystander the browser of somebody else, who is signed in too
record Scene(
    World world,
    Wire wire,
    String issuer,
    Registrar registrar,
    Keyed actor,
    Keyed helper,
    Keyed outsider,
    Keyed victim,
    Secretive enforcer,
    Secretive neighbour,
    Secretive application,
    Secretive rival,
    String resource,
    String elsewhere,
    String person,
    Browser browser,
    Browser bystander,
    Terms terms) {
  static final String TOKEN = "/oauth2/token";
  static final String PAR = "/oauth2/par";
  static final String AUTHORIZE = "/oauth2/authorize";
  static final String INTROSPECT = "/oauth2/introspect";
  static final String REVOKE = "/oauth2/revoke";
  static final String EVALUATION = "/access/v1/evaluation";

  static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
  static final String DELEGATION = "urn:prokura:params:oauth:token-type:delegation";
  static final String HAND_OVER = "urn:prokura:params:oauth:token-type:hand-over";

  /// A host of the attacker's that no server may lead to. The name is kept from everybody.
  static final String STRANGER = "stranger.invalid";

  static final String READ = "records.read";
  static final String WRITE = "records.write";
  static final String WIPE = "records.wipe";

  /// What a delegation of the person's is made of: the ids of what it is on and for, and its end.
  record Terms(String resource, String purpose, String until) {}

  String redirectUri() {
    return resource.replace("/api", "/callback");
  }

  /// The id of a person who takes part in nothing else.
  String somebody() {
    var name = "selftest-" + actor.random();
    return registrar.make("users", Json.object().put("userName", name).build(), "deactivate");
  }

  /// A new delegation of the person's to the actor, for what the first one is for.
  String delegate() {
    return registrar.make("delegations", Casting.delegation(this), "revoke");
  }

  // What good callers get; each throws [Unclear] where they don't get it.

  /// A token of the actor's own.
  String own() {
    return own(actor);
  }

  String own(Keyed agent, String... more) {
    return agent.granted(asking(more));
  }

  /// A token of the enforcer's for the decision point.
  String deciding() {
    var decisions = issuer + "/access/v1";
    return token(enforcer.post(TOKEN, "grant_type", "client_credentials", "resource", decisions));
  }

  /// The parameters that ask for a token of an agent's own.
  String[] asking(String... more) {
    return joined(
        List.of("grant_type", "client_credentials", "resource", resource, "scope", READ), more);
  }

  /// The parameters by which an application asks a person for something.
  String[] wanting(String... more) {
    return joined(List.of("scope", "openid " + READ + " " + WRITE, "resource", resource), more);
  }

  /// A token of the actor's for the person.
  String delegated(String delegation) {
    return actor.granted(using(delegation));
  }

  /// The parameters that ask for a token by a delegation.
  String[] using(String delegation, String... more) {
    return exchanging(DELEGATION, delegation, joined(List.of("resource", resource), more));
  }

  /// The parameters that hand the work of a token over to an agent.
  String[] offering(String token, String to, String... more) {
    var aim = List.of("requested_token_type", HAND_OVER, "requested_actor", to);
    return exchanging(ACCESS_TOKEN, token, joined(aim, more));
  }

  /// The parameters that take what was handed over.
  String[] taking(String handOver, String... more) {
    return exchanging(HAND_OVER, handOver, joined(List.of("resource", resource), more));
  }

  static String[] exchanging(String type, String subject, String... more) {
    return joined(
        List.of("grant_type", EXCHANGE, "subject_token", subject, "subject_token_type", type),
        more);
  }

  static String[] joined(List<String> first, String... more) {
    var all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  static String token(Reply reply) {
    return reply
        .object()
        .text("access_token")
        .filter(_ -> reply.isGood())
        .orElseThrow(() -> new Unclear("a good request got no token: " + reply.line()));
  }

  /// Makes sure that a request which an attack differs from is a good one.
  static Reply good(Reply reply) {
    if (!reply.isGood()) {
      throw new Unclear("a good request was refused: " + reply.line());
    }
    return reply;
  }

  /// Makes sure that a token is alive at introspection.
  String alive(String token) {
    var reply = enforcer.introspect(token);
    if (!reply.object().flag("active").equals(Optional.of(true))) {
      throw new Unclear("a good token is not active: " + reply.line());
    }
    return token;
  }

  Reply send(Sent sent) {
    return wire.send(sent);
  }

  /// A question to the decision point about the actor.
  Json.Obj question(String token) {
    return Json.object()
        .put("subject", Json.object().put("type", "agent").put("id", actor.id()).build())
        .put("action", Json.object().put("name", READ).build())
        .put("resource", Json.object().put("type", "tool").put("id", "1").build())
        .put("context", Json.object().put("access_token", token).build())
        .build();
  }
}
