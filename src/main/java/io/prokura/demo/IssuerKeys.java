package io.prokura.demo;

import static io.prokura.kernel.Refusal.TOKEN_INVALID;

import io.prokura.cli.Call;
import io.prokura.jose.JwkSet;
import io.prokura.jose.UnverifiedJwt;
import io.prokura.jose.VerificationKey;
import io.prokura.json.Json;
import io.prokura.kernel.Result.Ok;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The public keys of the authorization server, fetched from where its metadata say they are
/// (RFC 8414 §2), and again when a token names one that is not known yet.
final class IssuerKeys {
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final String METADATA = "/.well-known/oauth-authorization-server";

  private final Stage stage;
  private final ReentrantLock lock = new ReentrantLock();
  private JwkSet known = new JwkSet(List.of());
  private Instant fetched = Instant.MIN;

  IssuerKeys(Stage stage) {
    this.stage = stage;
  }

  /// The key that may have signed a token. Asks for new ones at most every few seconds, whatever is
  /// sent here.
  Optional<VerificationKey> find(UnverifiedJwt token) {
    lock.lock();
    try {
      var key = known.find(token);
      var now = stage.world().now();
      if (key.isPresent() || fetched.isAfter(now.minus(PAUSE))) {
        return key;
      }
      fetched = now;
      known = fetch();
      return known.find(token);
    } finally {
      lock.unlock();
    }
  }

  private JwkSet fetch() {
    var metadata = get(stage.at(METADATA));
    if (!metadata.text("issuer").equals(Optional.of(stage.issuer()))) {
      throw new StepFailed("the metadata at the issuer are of another one");
    }
    var address =
        metadata.text("jwks_uri").orElseThrow(() -> new StepFailed("the issuer names no keys"));
    return JwkSet.parse(stage.crypto(), get(URI.create(address)), TOKEN_INVALID)
            instanceof Ok(var keys)
        ? keys
        : new JwkSet(List.of());
  }

  private Json.Obj get(URI address) {
    var answer = stage.send(Call.of("GET", address));
    return answer
        .object()
        .filter(_ -> answer.isSuccess())
        .orElseThrow(() -> new StepFailed("no answer at " + address + ": " + answer.status()));
  }
}
