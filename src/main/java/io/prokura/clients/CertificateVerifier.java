package io.prokura.clients;

import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.jose.Confirmation;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.tls.ClientCertificate;
import io.prokura.tls.TrustAnchors;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Checks the certificate that a client presented as its proof (RFC 8705 §2): one that is itself
/// registered, or one that an authority of the organisation issued to a registered name. TLS has
/// shown that the client holds its key.
final class CertificateVerifier {
  /// The same answer to an unknown client and to somebody else's certificate.
  private static final String UNPROVEN =
      "the certificate is not registered for the client, not valid now, or nobody vouches for it";

  private static final int KNOWN_MAX = 100_000;

  private final World world;
  private final Credentials credentials;
  private final Supplier<TrustAnchors> authorities;
  private final Map<String, Holder> known = new ConcurrentHashMap<>();

  CertificateVerifier(World world, Credentials credentials, Supplier<TrustAnchors> authorities) {
    this.world = world;
    this.credentials = credentials;
    this.authorities = authorities;
  }

  /// The client with this id, when the certificate is a proof of it; refuses
  /// `CLIENT_NOT_AUTHENTICATED`.
  Result<Proven> verify(String client, ClientCertificate certificate) {
    return answer(Holder.parse(client).flatMap(holder -> proof(holder, certificate)));
  }

  /// The client that the certificate is a proof of; refuses `CLIENT_NOT_AUTHENTICATED`, also when
  /// it is a proof of several.
  Result<Proven> verify(ClientCertificate certificate) {
    // Whom it proved before is only where to look first: it is checked like anybody.
    var before = Optional.ofNullable(known.get(certificate.thumbprint()));
    var proof = before.flatMap(holder -> proof(holder, certificate));
    if (proof.isPresent() || !certificate.isValidAt(world.now())) {
      return answer(proof);
    }
    var proofs =
        credentials.holders(certificate).stream()
            .flatMap(holder -> proof(holder, certificate).stream())
            .toList();
    if (proofs.size() != 1) {
      return answer(Optional.empty());
    }
    if (known.size() < KNOWN_MAX) {
      known.put(certificate.thumbprint(), proofs.getFirst().holder());
    }
    return ok(proofs.getFirst());
  }

  private static Result<Proven> answer(Optional<Proven> proof) {
    return proof.map(Result::ok).orElseGet(() -> refused(CLIENT_NOT_AUTHENTICATED, UNPROVEN));
  }

  private Optional<Proven> proof(Holder holder, ClientCertificate certificate) {
    var now = world.now();
    if (!certificate.isValidAt(now)) {
      return Optional.empty();
    }
    for (var credential : credentials.live(holder)) {
      var proof =
          switch (credential.kind()) {
            case Credential.Kind.Certificate(var thumbprint, var bound) ->
                thumbprint.equals(certificate.thumbprint())
                    ? Optional.of(
                        proven(
                            credential,
                            AuthenticationMethod.SELF_SIGNED_TLS_CLIENT_AUTH,
                            certificate,
                            bound,
                            certificate.notAfter()))
                    : Optional.<Proven>empty();
            case Credential.Kind.Named(var name, var bound) ->
                certificate.names().contains(name)
                    ? authorities
                        .get()
                        .vouch(certificate, now)
                        .map(
                            end ->
                                proven(
                                    credential,
                                    AuthenticationMethod.TLS_CLIENT_AUTH,
                                    certificate,
                                    bound,
                                    end))
                    : Optional.<Proven>empty();
            case Credential.Kind.Secret _, Credential.Kind.Keys _, Credential.Kind.KeysAt _ ->
                Optional.<Proven>empty();
          };
      if (proof.isPresent()) {
        return proof;
      }
    }
    return Optional.empty();
  }

  private static Proven proven(
      Credential credential,
      AuthenticationMethod method,
      ClientCertificate certificate,
      boolean bound,
      Instant end) {
    var expiry = credential.expiresAt().orElse(Instant.MAX);
    return new Proven(
        credential.holder(),
        Optional.of(credential.id()),
        expiry.isBefore(end) ? expiry : end,
        method,
        bound ? new Confirmation.Certificate(certificate.thumbprint()) : Confirmation.none());
  }
}
