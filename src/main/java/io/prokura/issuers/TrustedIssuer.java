package io.prokura.issuers;

import io.prokura.jose.JwkSet;
import io.prokura.kernel.Id;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A server elsewhere whose signed words are believed within `terms`. `issuer` is its identifier,
/// compared character by character (RFC 8414 §3.3); no two have the same.
public record TrustedIssuer(
    Id.Issuer id, String issuer, String name, Terms terms, boolean active, long version) {

  /// Where its keys come from, and what it is believed about. Who speaks of `agents` says nothing
  /// about people in assertions of the same form. `reuse` is whether an ID-JAG that is bound to a
  /// key may be used again until it expires.
  public record Terms(
      KeySource keys,
      Set<Grant> grants,
      Optional<SignIn> signIn,
      Optional<Receiver> receives,
      Optional<AgentTerms> agents,
      boolean reuse) {
    public Terms {
      grants = Set.copyOf(grants);
      if (agents.isPresent() && (signIn.isPresent() || grants.contains(Grant.JWT_BEARER))) {
        throw new IllegalArgumentException("what it signs would be about people or agents");
      }
    }

    /// Those of an issuer that is told about nobody.
    public Terms(KeySource keys, Set<Grant> grants, Optional<SignIn> signIn) {
      this(keys, grants, signIn, Optional.empty(), Optional.empty(), false);
    }
  }

  /// To whom this server vouches for its people there, by an ID-JAG: `clients` has the id there of
  /// each client of this server, and `resources` are those that it issues tokens for.
  public record Receiver(Map<String, String> clients, List<Id.Resource> resources) {
    public Receiver {
      clients = Map.copyOf(clients);
      resources = List.copyOf(resources);
    }
  }

  /// Where the keys of an issuer come from.
  public sealed interface KeySource {
    /// Its own metadata says where (OpenID Connect Discovery 1.0 §4).
    record Discovered() implements KeySource {}

    /// At this address.
    record At(String jwksUri) implements KeySource {}

    /// They were registered with it.
    record Inline(JwkSet keys) implements KeySource {}
  }

  /// A kind of grant for which its assertions are taken at the token endpoint.
  public enum Grant {
    /// RFC 7523 §2.1.
    JWT_BEARER("jwt-bearer"),
    /// draft-ietf-oauth-identity-assertion-authz-grant.
    ID_JAG("id-jag");

    private final String word;

    Grant(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }

    public static Optional<Grant> of(String word) {
      return Arrays.stream(values()).filter(grant -> grant.word.equals(word)).findFirst();
    }
  }

  /// How people sign in by it: which client this server is there, what it asks for, and what it
  /// makes of the answer. `createUsers` is whether somebody nobody knows becomes a user at once,
  /// with an address in one of `emailDomains` where there are any. `trustsEmail` is whether
  /// `email_verified` is believed.
  public record SignIn(
      String clientId,
      List<String> scopes,
      String userNameClaim,
      String displayNameClaim,
      boolean createUsers,
      List<String> emailDomains,
      boolean trustsEmail) {
    public SignIn {
      scopes = List.copyOf(scopes);
      emailDomains = List.copyOf(emailDomains);
    }
  }

  TrustedIssuer withActive(boolean now) {
    return new TrustedIssuer(id, issuer, name, terms, now, version);
  }

  TrustedIssuer withVersion(long next) {
    return new TrustedIssuer(id, issuer, name, terms, active, next);
  }
}
