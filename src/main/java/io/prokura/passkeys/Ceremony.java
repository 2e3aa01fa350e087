package io.prokura.passkeys;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticationRequest;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.RegistrationRequest;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.exception.MaliciousCounterValueException;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The checks of WebAuthn §7.1 and §7.2 for one issuer: its host is the relying party, its origin
/// the only one, and the device must have verified its user. Attestation statements are not looked
/// at. The library throws its readers' exceptions at garbage and not only its own; nothing else can
/// fail in a check, so that every exception means that something is not right. Safe for use by many
/// threads.
final class Ceremony {
  /// The signature algorithms of keys that are accepted: ES256, EdDSA and RS256.
  static final List<Long> ALGORITHMS = List.of(-7L, -8L, -257L);

  private static final List<PublicKeyCredentialParameters> PARAMETERS =
      ALGORITHMS.stream()
          .map(
              one ->
                  new PublicKeyCredentialParameters(
                      PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.create(one)))
          .toList();

  private final WebAuthnManager manager;
  private final AttestedCredentialDataConverter attested;
  private final String host;
  private final Origin origin;

  Ceremony(String issuer) {
    var uri = URI.create(issuer);
    var objects = new ObjectConverter();
    manager = WebAuthnManager.createNonStrictWebAuthnManager(objects);
    attested = new AttestedCredentialDataConverter(objects);
    host = uri.getHost();
    origin = Origin.create(uri.getScheme() + "://" + uri.getRawAuthority());
  }

  /// The relying party's id.
  String host() {
    return host;
  }

  /// A credential that was proven to be new and at this server's host.
  static final class Registered {
    final String credential;
    final byte[] attested;
    final long signCount;
    final boolean backupEligible;

    private Registered(String credential, byte[] attested, long signCount, boolean backupEligible) {
      this.credential = credential;
      this.attested = attested;
      this.signCount = signCount;
      this.backupEligible = backupEligible;
    }
  }

  /// The new credential; nothing when anything about it is not as it must be.
  Optional<Registered> registered(String challenge, Attestation said) {
    try {
      var request =
          new RegistrationRequest(bytes(said.attestationObject()), bytes(said.clientData()));
      var data =
          manager.verify(request, new RegistrationParameters(server(challenge), PARAMETERS, true));
      return Optional.ofNullable(data.getAttestationObject())
          .map(object -> object.getAuthenticatorData())
          .flatMap(
              authenticator ->
                  Optional.ofNullable(authenticator.getAttestedCredentialData())
                      .map(
                          credential ->
                              new Registered(
                                  text(credential.getCredentialId()),
                                  attested.convert(credential),
                                  authenticator.getSignCount(),
                                  authenticator.isFlagBE())));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /// What came of the check of an assertion.
  sealed interface Verdict {
    record Right(long signCount) implements Verdict {}

    record Wrong() implements Verdict {}

    /// All is right but that the device's count of signatures is not above the last one, as it is
    /// when the key was copied (WebAuthn §6.1.1).
    record CountWentBack() implements Verdict {}
  }

  /// Whether `said` answers `challenge` with the key of `stored`.
  Verdict verdict(String challenge, Assertion said, PasskeyStore.Stored stored) {
    try {
      var request =
          new AuthenticationRequest(
              bytes(said.credential()),
              bytes(said.userHandle()),
              bytes(said.authenticatorData()),
              bytes(said.clientData()),
              bytes(said.signature()));
      var record =
          new CredentialRecordImpl(
              new NoneAttestationStatement(),
              true,
              stored.backupEligible,
              null,
              stored.signCount,
              attested.convert(stored.attested),
              null,
              null,
              null,
              null);
      var parameters = new AuthenticationParameters(server(challenge), record, null, true);
      var data = manager.verify(request, parameters).getAuthenticatorData();
      return data == null ? new Verdict.Wrong() : new Verdict.Right(data.getSignCount());
    } catch (MaliciousCounterValueException e) {
      return new Verdict.CountWentBack();
    } catch (RuntimeException e) {
      return new Verdict.Wrong();
    }
  }

  private ServerProperty server(String challenge) {
    return ServerProperty.builder()
        .origin(origin)
        .rpId(host)
        .challenge(new DefaultChallenge(bytes(challenge)))
        .build();
  }

  static byte[] bytes(String base64url) {
    return Base64.getUrlDecoder().decode(base64url);
  }

  static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
