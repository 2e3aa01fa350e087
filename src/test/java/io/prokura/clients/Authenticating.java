package io.prokura.clients;

import io.prokura.agents.Agent;
import io.prokura.agents.Registered;
import io.prokura.cutoff.CutOffs;
import io.prokura.directory.Workload;
import io.prokura.http.Request;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import io.prokura.jose.JwtReader;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.SigningKey;
import io.prokura.jose.VerificationKey;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.sql.Database;
import io.prokura.tls.TrustAnchors;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Client authentication wired over one database.
final class Authenticating implements AutoCloseable {
  static final String ISSUER = "https://prokura.example";
  static final Crypto CRYPTO = Crypto.jdk();

  final Registered agents;
  final CutOffs cutOffs;
  final Clients clients;
  final Credentials credentials;
  TrustAnchors authorities = TrustAnchors.NONE;
  OneTime oneTime;
  ClientAuthenticator authenticator;

  Authenticating(Database database) {
    agents = new Registered(database);
    var all = agents.all;
    cutOffs = new CutOffs(all.feed, database, all.audit, all.world);
    clients = new Clients(database, all.feed, all.audit, agents.catalogue, (_, _) -> {});
    credentials =
        new Credentials(
            all.world,
            database,
            all.feed,
            all.audit,
            cutOffs,
            agents.agents,
            all.directory,
            clients,
            CRYPTO);
    oneTime = new OneTime(all.world, database, all.limits);
    authenticator = authenticator();
  }

  /// Forgets what a process forgets when it ends.
  void restart() {
    oneTime = new OneTime(agents.all.world, agents.all.database, agents.all.limits);
    authenticator = authenticator();
  }

  private ClientAuthenticator authenticator() {
    return new ClientAuthenticator(
        agents.all.world,
        agents.all.limits,
        ISSUER,
        new JwtReader(new JsonReader(agents.all.limits)),
        credentials,
        TestClientKeys.of(agents.all.world, credentials, clients),
        oneTime,
        agents.agents,
        agents.all.directory,
        clients,
        () -> authorities,
        id -> Id.Client.parse(id).flatMap(clients::find));
  }

  @Override
  public void close() {
    agents.close();
  }

  Instant now() {
    return agents.all.now.get();
  }

  void pass(long millis) {
    agents.all.now.set(now().plusMillis(millis));
  }

  Holder agent() {
    return new Holder.Agent(agents.active().id());
  }

  Holder agent(Agent agent) {
    return new Holder.Agent(agent.id());
  }

  Holder workload() {
    Workload workload = agents.all.workload(agents.dana);
    return new Holder.Workload(workload.id());
  }

  Holder application() {
    var client =
        new Client(
            Id.Client.random(agents.all.world),
            "console",
            true,
            new Ceiling.Everything(),
            Registration.NONE,
            1);
    agents.all.done(tx -> clients.register(tx, agents.all.admin, client));
    return new Holder.Application(client.id());
  }

  /// Every kind of holder, active.
  List<Holder> everyHolder() {
    return List.of(agent(), workload(), application());
  }

  Credential draft(Holder holder, Credential.Kind kind, Optional<Instant> expiresAt) {
    return new Credential(
        Id.Credential.random(agents.all.world), holder, kind, now(), expiresAt, Optional.empty());
  }

  Credential add(Holder holder, Credential.Kind kind) {
    return add(holder, kind, Optional.empty());
  }

  Credential add(Holder holder, Credential.Kind kind, Optional<Instant> expiresAt) {
    var draft = draft(holder, kind, expiresAt);
    return agents.all.done(tx -> credentials.add(tx, agents.all.admin, draft));
  }

  /// A new secret of `holder`.
  String secret(Holder holder) {
    var secret = SecretHash.draw(agents.all.world);
    add(holder, new Credential.Kind.Secret(SecretHash.of(secret)));
    return secret;
  }

  SigningKey newKey(Algorithm algorithm) {
    return SigningKey.generate(CRYPTO, agents.all.world, algorithm);
  }

  /// A new key of `holder`.
  SigningKey key(Holder holder, Algorithm algorithm) {
    var key = newKey(algorithm);
    add(holder, keys(key.verificationKey()));
    return key;
  }

  static Credential.Kind keys(VerificationKey... keys) {
    return new Credential.Kind.Keys(List.of(keys));
  }

  /// The claims of a good assertion, issued now and good for a minute.
  Json.Builder claims(Holder holder, String jti) {
    return Json.object()
        .put("iss", holder.id().text())
        .put("sub", holder.id().text())
        .put("aud", ISSUER)
        .put("jti", jti)
        .put("iat", now().getEpochSecond())
        .put("exp", now().getEpochSecond() + 60);
  }

  /// Claims with one of them replaced; `null` in JSON takes it away.
  static Json.Obj with(Json.Obj claims, String name, Json value) {
    var changed = Json.object();
    claims
        .members()
        .forEach(
            (member, old) -> {
              if (!member.equals(name)) {
                changed.put(member, old);
              }
            });
    return value instanceof Json.Null ? changed.build() : changed.put(name, value).build();
  }

  static String sign(SigningKey key, Json.Obj claims) {
    return JwtWriter.mint(key, "client-authentication+jwt", claims);
  }

  /// A compact JWS made by hand, with any header.
  static String compact(Json.Obj header, Json.Obj claims, SigningKey key) {
    var signed = Base64Url.encode(header.bytes()) + "." + Base64Url.encode(claims.bytes());
    var signature = key.sign(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + Base64Url.encode(signature);
  }

  Request.Builder token() {
    return Request.to(agents.all.limits, "POST", "/oauth2/token");
  }

  Result<AuthenticatedClient> authenticate(Request request) {
    return switch (request.form()) {
      case Ok<io.prokura.http.Form>(var form) -> authenticator.authenticate(request, form);
      case Refused<io.prokura.http.Form> refused -> refused.refusal();
    };
  }

  Result<AuthenticatedClient> post(String id, String secret) {
    return authenticate(token().form("client_id=" + id + "&client_secret=" + secret).build());
  }

  Result<AuthenticatedClient> basic(String id, String secret) {
    var pair = (id + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return authenticate(
        token()
            .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair))
            .form("grant_type=client_credentials")
            .build());
  }

  Result<AuthenticatedClient> present(String assertion) {
    return authenticate(token().form(assertionForm(assertion)).build());
  }

  static String assertionForm(String assertion) {
    return "client_assertion_type="
        + ClientAuthenticator.ASSERTION_TYPE
        + "&client_assertion="
        + assertion;
  }
}
