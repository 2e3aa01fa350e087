package io.prokura.clients;

import static io.prokura.kernel.Refusal.DPOP_NONCE_REQUIRED;
import static io.prokura.kernel.Refusal.DPOP_PROOF_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.http.Request;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Base64Url;
import io.prokura.jose.Confirmation;
import io.prokura.jose.Crypto;
import io.prokura.jose.DpopProof;
import io.prokura.jose.JwtReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.seal.BrokenSeal;
import io.prokura.seal.Seal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/// Finds out which key the sender of a request holds, by the proof in its `DPoP` header (RFC 9449).
///
/// Proofs name the address under a URL that is configured, whatever host the request says it is
/// for, and are good once. A nonce is the sealed number of the minute it was made in, so that all
/// nodes with the same master key know each other's and none is stored.
public final class DpopProofs {
  /// The header that carries a proof.
  public static final String HEADER = "DPoP";

  /// The header that carries a nonce for the next proof (RFC 9449 §8).
  public static final String NONCE = "DPoP-Nonce";

  /// The longest proof that is looked at, in characters.
  public static final int LENGTH_MAX = 4 * 1024;

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final byte[] ASSOCIATED = "nonce".getBytes(UTF_8);

  private final List<String> addresses;
  private final World world;
  private final Limits limits;
  private final Crypto crypto;
  private final JwtReader reader;
  private final OneTime oneTime;
  private final Seal seal;
  private final Clients clients;
  private final boolean nonceRequired;

  /// `addresses` are the URLs that this server is called at, without their paths. Without
  /// `nonceRequired`, a proof needs no nonce; one it has must be ours all the same.
  public DpopProofs(
      List<String> addresses,
      World world,
      Limits limits,
      Crypto crypto,
      JwtReader reader,
      OneTime oneTime,
      Seal seal,
      Clients clients,
      boolean nonceRequired) {
    this.addresses = List.copyOf(addresses);
    this.world = world;
    this.limits = limits;
    this.crypto = crypto;
    this.reader = reader;
    this.oneTime = oneTime;
    this.seal = seal;
    this.clients = clients;
    this.nonceRequired = nonceRequired;
  }

  /// `client`, who sent `request`, with the key that it has proven by a proof, or as it is when it
  /// sent none. The proof is used up. Refuses `DPOP_PROOF_INVALID` for more than one, one that is
  /// not good or was used or, under FAPI 2.0, is signed by RS256 (§5.4), and `DPOP_NONCE_REQUIRED`
  /// for a nonce that is missing, foreign or old. Not to be called in a transaction.
  public Result<AuthenticatedClient> proven(Request request, AuthenticatedClient client) {
    var sent = request.headers(HEADER);
    if (sent.isEmpty()) {
      return ok(client);
    }
    Result<DpopProof> checked = sent.size() == 1 ? check(request, sent.getFirst()) : several();
    if (!(checked instanceof Ok(var proof))) {
      return checked.refusal();
    }
    if (proof.nonce().isPresent() ? !isOurs(proof.nonce().get()) : nonceRequired) {
      return refused(DPOP_NONCE_REQUIRED, "the proof needs the nonce in the header " + NONCE);
    }
    return client.isFapi2() && proof.algorithm() == Algorithm.RS256
        ? oldAlgorithm()
        : used(proof).map(client::showing);
  }

  /// The key that the sender of `request` has proven for presenting `accessToken`, which `clientId`
  /// was given (RFC 9449 §7.1). The proof is used up. Refuses `DPOP_PROOF_INVALID` when there is
  /// not exactly one, when it is not good, for another token or was used, for a nonce that is not
  /// ours and, under FAPI 2.0, for one that is signed by RS256.
  public Result<Confirmation.Key> provenFor(Request request, String accessToken, String clientId) {
    var sent = request.headers(HEADER);
    if (sent.isEmpty()) {
      return refused(DPOP_PROOF_INVALID, "the request has no proof in the header " + HEADER);
    }
    Result<DpopProof> checked = sent.size() == 1 ? check(request, sent.getFirst()) : several();
    if (!(checked instanceof Ok(var proof))) {
      return checked.refusal();
    }
    if (!proof.isFor(accessToken)) {
      return refused(DPOP_PROOF_INVALID, "the proof's ath is not that of the access token");
    }
    if (proof.algorithm() == Algorithm.RS256
        && Holder.parse(clientId).filter(clients::isFapi2).isPresent()) {
      return oldAlgorithm();
    }
    return proof.nonce().isPresent() && !isOurs(proof.nonce().get())
        ? refused(DPOP_PROOF_INVALID, "the proof's nonce is not one of this server")
        : used(proof);
  }

  /// A nonce for the sender's next proof.
  public String nonce() {
    var minute = ByteBuffer.allocate(Long.BYTES).putLong(minute()).array();
    return Base64Url.encode(seal.wrap(minute, ASSOCIATED));
  }

  /// Whether answers of the token endpoint carry a [#nonce].
  public boolean isNonceRequired() {
    return nonceRequired;
  }

  private static <T> Result<T> oldAlgorithm() {
    return refused(DPOP_PROOF_INVALID, "under fapi2 RS256 is not taken; use PS256");
  }

  private static <T> Result<T> several() {
    return refused(DPOP_PROOF_INVALID, "there is more than one DPoP header");
  }

  private Result<DpopProof> check(Request request, String compact) {
    if (compact.length() > LENGTH_MAX) {
      return refused(DPOP_PROOF_INVALID, "the proof is too long");
    }
    var read = reader.read(compact, DPOP_PROOF_INVALID);
    if (!(read instanceof Ok(var unverified))) {
      return read.refusal();
    }
    return DpopProof.check(
        crypto,
        unverified,
        request.method(),
        addresses.stream().map(base -> URI.create(base + request.path())).toList(),
        world.now(),
        limits.clockSkew(),
        DPOP_PROOF_INVALID);
  }

  private Result<Confirmation.Key> used(DpopProof proof) {
    var until = proof.issuedAt().plus(DpopProof.AGE_MAX).plus(limits.clockSkew()).plusMillis(1);
    return switch (oneTime.use("dpop " + proof.jkt(), proof.id(), proof.issuedAt(), until)) {
      case FIRST -> ok(new Confirmation.Key(proof.jkt()));
      case REPEATED -> refused(DPOP_PROOF_INVALID, "the proof's jti has been used");
      case BEFORE_START ->
          refused(
              DPOP_PROOF_INVALID, "the proof was made before this server started; make a new one");
      case FULL -> refused(DPOP_PROOF_INVALID, "too many proofs are in use; try again later");
    };
  }

  /// Whether a nonce is of this minute or the one before, or of the next by another node's clock.
  private boolean isOurs(String nonce) {
    try {
      var sealed = Base64Url.decode(nonce);
      if (sealed.isEmpty()) {
        return false;
      }
      long age = minute() - ByteBuffer.wrap(seal.unwrap(sealed.get(), ASSOCIATED)).getLong();
      return age >= -1 && age <= 1;
    } catch (BrokenSeal e) {
      return false;
    }
  }

  private long minute() {
    return world.now().getEpochSecond() / WINDOW.toSeconds();
  }
}
