package io.prokura.selftest;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.DpopProof;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// An agent that proves itself by assertions and binds its tokens to its key (RFC 7523 §2.2, RFC
/// 9449), or somebody who claims to be one.
final class Keyed {
  static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final String NONCE = "DPoP-Nonce";
  private static final long ASSERTION_SECONDS = 60;
  private static final int JTI_BYTES = 16;

  private final World world;
  private final Wire wire;
  private final String issuer;
  private final String id;
  private final SigningKey key;
  private Optional<String> nonce = Optional.empty();

  Keyed(World world, Wire wire, String issuer, String id, SigningKey key) {
    this.world = world;
    this.wire = wire;
    this.issuer = issuer;
    this.id = id;
    this.key = key;
  }

  static SigningKey newKey(World world) {
    return SigningKey.generate(Crypto.jdk(), world, Algorithm.ES256);
  }

  String id() {
    return id;
  }

  SigningKey key() {
    return key;
  }

  /// The same name with a key that nobody registered.
  Keyed impostor() {
    return new Keyed(world, wire, issuer, id, newKey(world));
  }

  // Client assertions

  /// The claims of a good assertion.
  Json.Obj claims() {
    long now = world.now().getEpochSecond();
    return Json.object()
        .put("iss", id)
        .put("sub", id)
        .put("aud", issuer)
        .put("iat", now)
        .put("exp", now + ASSERTION_SECONDS)
        .put("jti", random())
        .build();
  }

  /// The header of a good assertion.
  Json.Obj header() {
    return Json.object()
        .put("alg", key.algorithm().label())
        .put("kid", key.kid())
        .put("typ", "client-authentication+jwt")
        .build();
  }

  String assertion() {
    return Forgery.signed(key, header(), claims());
  }

  /// The parameters of a form together with an assertion.
  static String[] asserting(String assertion, String... pairs) {
    var all = new ArrayList<>(List.of(pairs));
    all.addAll(List.of("client_assertion_type", ASSERTION_TYPE, "client_assertion", assertion));
    return all.toArray(String[]::new);
  }

  // Proofs of the key

  /// The claims of a good proof for a request to a path of the server.
  Json.Obj proofClaims(String method, String path, Optional<String> token) {
    return Json.object()
        .put("jti", random())
        .put("htm", method)
        .put("htu", issuer + path)
        .put("iat", world.now().getEpochSecond())
        .put("ath", token.map(DpopProof::hash))
        .put("nonce", nonce)
        .build();
  }

  /// The header of a good proof.
  Json.Obj proofHeader() {
    return Json.object()
        .put("alg", key.algorithm().label())
        .put("typ", "dpop+jwt")
        .put("jwk", key.verificationKey().toJwk())
        .build();
  }

  String proof(String method, String path, Optional<String> token) {
    return Forgery.signed(key, proofHeader(), proofClaims(method, path, token));
  }

  /// A proof for the token endpoint.
  String proof() {
    return proof("POST", Scene.TOKEN, Optional.empty());
  }

  // Requests

  /// Asks the token endpoint, with a good assertion and a good proof.
  Reply ask(String... pairs) {
    return ask(this, pairs);
  }

  /// The same with the proof of somebody else's key.
  Reply ask(Keyed prover, String... pairs) {
    return prover.proving(
        () -> Sent.form(Scene.TOKEN, asserting(assertion(), pairs)).with("DPoP", prover.proof()));
  }

  /// Sends a request with a proof of this key, and again where the server wants its nonce in it
  /// (RFC 9449 §8).
  Reply proving(Supplier<Sent> request) {
    var reply = once(request.get());
    return reply.error().equals(Optional.of("use_dpop_nonce")) ? once(request.get()) : reply;
  }

  private Reply once(Sent sent) {
    var reply = wire.send(sent);
    nonce = reply.first(NONCE).or(() -> nonce);
    return reply;
  }

  /// The token that it asks for; throws [Unclear] when it gets none.
  String granted(String... pairs) {
    return Scene.token(ask(pairs));
  }

  String random() {
    return HexFormat.of().formatHex(world.bytes(JTI_BYTES));
  }
}
