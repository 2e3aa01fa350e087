package io.prokura.demo;

import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.demo.AccessTokens.Caller;
import io.prokura.http.Request;
import io.prokura.jose.Confirmation;
import io.prokura.jose.DpopProof;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Finds out who sends a request: whoever has a good token and, where that is bound to a key, shows
/// that they hold the key (RFC 9449 §7.1). A proof is taken once.
final class Callers {
  private static final int REMEMBERED_MAX = 10_000;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Stage stage;
  private final AccessTokens tokens;
  private final String origin;
  private final Map<String, Instant> used = new ConcurrentHashMap<>();

  /// Callers of what is at `origin`, with what `tokens` accepts.
  Callers(Stage stage, AccessTokens tokens, String origin) {
    this.stage = stage;
    this.tokens = tokens;
    this.origin = origin;
  }

  /// The caller; nobody without a token. Refuses `TOKEN_INVALID`.
  Result<Optional<Caller>> of(Request request) {
    var bearer = request.bearerToken();
    var bound = request.dpopToken();
    if (!(bearer instanceof Ok(var borne)) || !(bound instanceof Ok(var held))) {
      return bearer instanceof Ok ? bound.refusal() : bearer.refusal();
    }
    if (borne.isEmpty() && held.isEmpty()) {
      return ok(Optional.empty());
    }
    var checked = tokens.check(borne.or(() -> held).orElseThrow());
    if (!(checked instanceof Ok(var caller))) {
      return checked.refusal();
    }
    var shown = borne.isPresent() ? ok(Confirmation.none()) : proven(request, caller);
    if (!(shown instanceof Ok(var confirmation))) {
      return shown.refusal();
    }
    return Confirmation.read(caller.claims()).equals(Optional.of(confirmation))
        ? ok(Optional.of(caller))
        : refused(TOKEN_INVALID, "the token is not bound to what was proven");
  }

  private Result<Confirmation> proven(Request request, Caller caller) {
    var sent = request.headers("DPoP");
    if (sent.size() != 1) {
      return refused(TOKEN_INVALID, "the request needs one proof of the token's key");
    }
    var read = stage.jwt().read(sent.getFirst(), TOKEN_INVALID);
    if (!(read instanceof Ok(var unverified))) {
      return read.refusal();
    }
    var checked =
        DpopProof.check(
            stage.crypto(),
            unverified,
            request.method(),
            List.of(URI.create(origin + request.path())),
            stage.world().now(),
            stage.limits().clockSkew(),
            TOKEN_INVALID);
    if (!(checked instanceof Ok(var proof))) {
      return checked.refusal();
    }
    return proof.isFor(caller.token()) && isFirst(proof)
        ? ok(new Confirmation.Key(proof.jkt()))
        : refused(TOKEN_INVALID, "the proof is for another token, or was used before");
  }

  /// Whether a proof was not used before. One that there is no room to remember counts as used.
  private boolean isFirst(DpopProof proof) {
    var now = stage.world().now();
    used.values().removeIf(end -> end.isBefore(now));
    var end =
        proof.issuedAt().plus(DpopProof.AGE_MAX).plus(stage.limits().clockSkew()).plus(SECOND);
    return used.size() < REMEMBERED_MAX
        && used.putIfAbsent(proof.jkt() + " " + proof.id(), end) == null;
  }
}
