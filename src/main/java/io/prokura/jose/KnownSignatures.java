package io.prokura.jose;

import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import java.nio.ByteBuffer;

/// Remembers which signatures were found right, because the same token is presented again and again
/// and checking a signature costs more than all else that is checked about it.
///
/// A signature that is right stays right; nothing else about a token is remembered. What is kept is
/// the SHA-256 of the token and the key that verified it, of the last 50,000 tokens. A key that is
/// read anew, or known no longer, finds nothing here.
public final class KnownSignatures {
  private static final int KEPT_MAX = 50_000;

  private final Cache<ByteBuffer, VerificationKey> right =
      Caffeine.newBuilder().maximumSize(KEPT_MAX).executor(Runnable::run).build();

  /// As [UnverifiedJwt#verify(VerificationKey, ExpectedType, Refusal)].
  public Result<Jwt> verify(
      UnverifiedJwt token, VerificationKey key, ExpectedType type, Refusal reason) {
    if (!type.admits(token.typ())) {
      return refused(reason, UnverifiedJwt.OTHER_TYP);
    }
    var digest = ByteBuffer.wrap(token.digest());
    if (key.equals(right.getIfPresent(digest))) {
      return ok(token.believed(key));
    }
    var verified = token.verify(key, type, reason);
    if (verified instanceof Result.Ok) {
      right.put(digest, key);
    }
    return verified;
  }
}
