package io.prokura.jose;

import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.json.Json;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The public keys of one signer (RFC 7517 §5).
public record JwkSet(List<VerificationKey> keys) {
  public static final int KEYS_MAX = 32;

  public JwkSet {
    keys = List.copyOf(keys);
    if (keys.size() > KEYS_MAX) {
      throw new IllegalArgumentException("more than " + KEYS_MAX + " keys");
    }
  }

  /// Reads a JWK Set. Keys of kinds, curves, sizes and uses that are not taken here are passed over
  /// (RFC 7517 §5), so the set may come out empty. Refuses with `reason` a set that is ill formed,
  /// has more than `KEYS_MAX` members, or gives away a private or symmetric key.
  public static Result<JwkSet> parse(Crypto crypto, Json.Obj set, Refusal reason) {
    if (!(set.get("keys").orElse(null) instanceof Json.Arr(var items))) {
      return refused(reason, "the key set has no keys");
    }
    if (items.size() > KEYS_MAX) {
      return refused(reason, "the key set has more than " + KEYS_MAX + " keys");
    }
    var keys = new ArrayList<VerificationKey>(items.size());
    for (var item : items) {
      if (!(item instanceof Json.Obj jwk)) {
        return refused(reason, "the key set has something that is no key");
      }
      if (VerificationKey.isSecret(jwk)) {
        return refused(reason, "the key set gives away a key that is not public");
      }
      if (VerificationKey.parse(crypto, jwk, reason) instanceof Result.Ok(var key)) {
        keys.add(key);
      }
    }
    return ok(new JwkSet(keys));
  }

  /// The one key that may have signed `token`: the one with its `kid`, or, when it names none, the
  /// only one that is for its algorithm. Empty when there is none or more than one.
  public Optional<VerificationKey> find(UnverifiedJwt token) {
    var fitting =
        keys.stream()
            .filter(key -> key.algorithms().contains(token.algorithm()))
            .filter(key -> token.kid().isEmpty() || token.kid().equals(key.kid()))
            .toList();
    return fitting.size() == 1 ? Optional.of(fitting.getFirst()) : Optional.empty();
  }

  public Json.Obj toJson() {
    return Json.object()
        .put("keys", Json.array(keys.stream().map(VerificationKey::toJwk).toList()))
        .build();
  }
}
