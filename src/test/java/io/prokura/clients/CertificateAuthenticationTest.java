package io.prokura.clients;

import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.DUPLICATE;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.jose.Confirmation;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.sql.TestDatabases;
import io.prokura.tls.CertificateName;
import io.prokura.tls.CertificateName.Kind;
import io.prokura.tls.ClientCertificate;
import io.prokura.tls.NewCertificate;
import io.prokura.tls.TestAuthority;
import io.prokura.tls.TestAuthority.Held;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Clients that prove themselves by a certificate (RFC 8705 §2), and others who try.
final class CertificateAuthenticationTest {
  private static final CertificateName SPIFFE =
      TestAuthority.name(Kind.SAN_URI, "spiffe://example.org/triage");

  private final Authenticating here = new Authenticating(TestDatabases.sqlite());
  private final TestAuthority authority = new TestAuthority("CN=Organisation", here.now());
  private final Holder holder = here.agent();

  CertificateAuthenticationTest() {
    here.authorities = authority.anchors();
  }

  @AfterEach
  void close() {
    here.close();
  }

  private Result<AuthenticatedClient> by(Holder client, ClientCertificate certificate) {
    return here.authenticate(
        here.token()
            .certificate(certificate)
            .form("grant_type=client_credentials&client_id=" + client.id().text())
            .build());
  }

  private static AuthenticatedClient ok(Result<AuthenticatedClient> result) {
    return switch (result) {
      case Ok<AuthenticatedClient>(var client) -> client;
      case Refused<AuthenticatedClient> refused -> throw new AssertionError(refused);
    };
  }

  private static Refusal refusal(Result<?> result) {
    return switch (result) {
      case Ok<?>(var value) -> throw new AssertionError("not refused: " + value);
      case Refused<?>(var reason, _) -> reason;
    };
  }

  private static Credential.Kind itself(Held held, boolean bound) {
    return new Credential.Kind.Certificate(held.presented().thumbprint(), bound);
  }

  @Test
  void aRegisteredCertificateProvesItsHolderWhoeverIssuedIt() {
    for (var client : here.everyHolder()) {
      for (var held : new Held[] {authority.selfSigned("CN=a"), authority.client("CN=b")}) {
        var credential = here.add(client, itself(held, true));
        var proven = ok(by(client, held.presented()));
        assertThat(proven.holder()).isEqualTo(client);
        assertThat(proven.credential()).hasValue(credential.id());
        assertThat(proven.method()).isEqualTo(AuthenticationMethod.SELF_SIGNED_TLS_CLIENT_AUTH);
        assertThat(proven.until()).isEqualTo(held.presented().notAfter());
        assertThat(proven.confirmation())
            .isEqualTo(new Confirmation.Certificate(held.presented().thumbprint()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SAN_DNS, Triage.Example.org, triage.example.ORG",
    "SAN_URI, spiffe://example.org/a, spiffe://example.org/a",
    "SAN_IP, 2001:db8::1, 2001:0db8:0:0:0:0:0:1",
    "SAN_EMAIL, bot@Example.org, bot@example.org"
  })
  void aNameInACertificateOfAnAuthorityProvesItsHolder(Kind kind, String registered, String used) {
    here.add(holder, new Credential.Kind.Named(TestAuthority.name(kind, registered), true));
    var held = authority.client("CN=a", TestAuthority.name(kind, used));
    var proven = ok(by(holder, held.presented()));
    assertThat(proven.method()).isEqualTo(AuthenticationMethod.TLS_CLIENT_AUTH);
    assertThat(proven.until()).isEqualTo(held.presented().notAfter());
    var renewed = authority.client("CN=a", TestAuthority.name(kind, used));
    assertThat(ok(by(holder, renewed.presented())).credential()).isEqualTo(proven.credential());
  }

  /// RFC 4514 has many spellings of one name.
  @Test
  void aSubjectIsComparedAsANameAndNotAsText() {
    var name = TestAuthority.name(Kind.SUBJECT_DN, "cn=Triage  Bot , O=Example\\, Inc.,C=de");
    here.add(holder, new Credential.Kind.Named(name, true));
    ok(by(holder, authority.client("CN=triage bot,O=\"Example, Inc.\",C=DE").presented()));
    for (var other :
        new String[] {
          "CN=triage bot,O=Example,C=DE",
          "O=\"Example, Inc.\",CN=triage bot,C=DE",
          "CN=triage bot+OU=x,O=\"Example, Inc.\",C=DE",
          "CN=triage bot\\,O\\=Example\\, Inc.\\,C\\=de"
        }) {
      assertThat(refusal(by(holder, authority.client(other).presented())))
          .isEqualTo(CLIENT_NOT_AUTHENTICATED);
    }
  }

  @Test
  void nobodyElsesCertificateProvesAHolder() {
    here.add(holder, new Credential.Kind.Named(SPIFFE, true));
    var good = authority.client("CN=a", SPIFFE);
    var stranger = new TestAuthority("CN=Organisation", here.now());
    var wrong =
        new Held[] {
          authority.selfSigned("CN=a", SPIFFE),
          stranger.client("CN=a", SPIFFE),
          authority.issuedByClient(good, "CN=a", SPIFFE),
          authority.issue(NewCertificate.Use.SERVER, "CN=a", SPIFFE),
          authority.client("CN=spiffe://example.org/triage"),
          authority.client("CN=a", new CertificateName(Kind.SAN_DNS, SPIFFE.value())),
          authority.client("CN=a", TestAuthority.name(Kind.SAN_URI, SPIFFE.value() + "/x")),
          authority.client("CN=a", TestAuthority.name(Kind.SAN_URI, "spiffe://example.org/*"))
        };
    for (var held : wrong) {
      assertThat(refusal(by(holder, held.presented())))
          .as(held.leaf().getSubjectX500Principal().getName())
          .isEqualTo(CLIENT_NOT_AUTHENTICATED);
    }
    ok(by(holder, good.presented()));
    assertThat(refusal(by(here.agent(), good.presented()))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    here.authorities = io.prokura.tls.TrustAnchors.NONE;
    assertThat(refusal(by(holder, good.presented()))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
  }

  @Test
  void aCertificateEndsByItsOwnTimeByTheCredentialsAndByRevocation() {
    var held = authority.selfSigned("CN=a");
    var soon = here.now().plusSeconds(60);
    var credential = here.add(holder, itself(held, true), Optional.of(soon));
    assertThat(ok(by(holder, held.presented())).until()).isEqualTo(soon);
    here.pass(60_000);
    assertThat(refusal(by(holder, held.presented()))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    var other = authority.selfSigned("CN=a");
    var revoked = here.add(holder, itself(other, true));
    ok(by(holder, other.presented()));
    var all = here.agents.all;
    all.done(tx -> here.credentials.revoke(tx, all.admin, revoked.id(), "why"));
    assertThat(refusal(by(holder, other.presented()))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    assertThat(here.cutOffs.killer(io.prokura.kernel.Lineage.of(revoked.id()), 0)).isPresent();
    var third = authority.selfSigned("CN=a");
    here.add(holder, itself(third, true));
    here.add(holder, new Credential.Kind.Named(SPIFFE, true));
    var named = authority.client("CN=a", SPIFFE);
    here.pass(Duration.ofDays(1).toMillis());
    assertThat(refusal(by(holder, third.presented()))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    assertThat(refusal(by(holder, named.presented()))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    assertThat(credential.id()).isNotEqualTo(revoked.id());
  }

  @Test
  void bindsNoTokensWhereTheCredentialSaysSo() {
    var held = authority.selfSigned("CN=a");
    here.add(holder, itself(held, false));
    assertThat(ok(by(holder, held.presented())).confirmation()).isEqualTo(Confirmation.none());
  }

  /// A certificate may come with another proof, as for binding; then that one decides.
  @Test
  void isNotLookedAtBesideAnotherProofAndNeedsTheClientsId() {
    var held = authority.selfSigned("CN=a");
    here.add(holder, itself(held, true));
    var secret = here.secret(holder);
    var form = "client_id=" + holder.id().text() + "&client_secret=";
    var wrong = here.token().certificate(held.presented()).form(form + "wrong").build();
    assertThat(refusal(here.authenticate(wrong))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
    var right = here.token().certificate(held.presented()).form(form + secret).build();
    assertThat(ok(here.authenticate(right)).method())
        .isEqualTo(AuthenticationMethod.CLIENT_SECRET_POST);
    var nobody = here.token().certificate(held.presented()).form("a=b").build();
    assertThat(refusal(here.authenticate(nobody))).isEqualTo(MALFORMED_REQUEST);
    var without = here.token().form("client_id=" + holder.id().text()).build();
    assertThat(refusal(here.authenticate(without))).isEqualTo(CLIENT_NOT_AUTHENTICATED);
  }

  @Test
  void findsWhomACertificateProvesWhereTheRequestNamesNobody() {
    here.add(holder, new Credential.Kind.Named(SPIFFE, true));
    var held = authority.client("CN=a", SPIFFE);
    var request = here.token().certificate(held.presented()).build();
    for (int i = 0; i < 2; i++) {
      assertThat(here.authenticator.proveByCertificate(request))
          .isInstanceOfSatisfying(
              Ok.class,
              found -> assertThat(((ProvenClient) found.value()).id()).isEqualTo(holder.id()));
    }
    var forged = here.token().certificate(authority.selfSigned("CN=a", SPIFFE).presented());
    assertThat(refusal(here.authenticator.proveByCertificate(forged.build())))
        .isEqualTo(CLIENT_NOT_AUTHENTICATED);
    assertThat(refusal(here.authenticator.proveByCertificate(here.token().build())))
        .isEqualTo(CLIENT_NOT_AUTHENTICATED);
    var all = here.agents.all;
    var credential = here.credentials.live(holder).getFirst();
    all.done(tx -> here.credentials.revoke(tx, all.admin, credential.id(), "why"));
    assertThat(refusal(here.authenticator.proveByCertificate(request)))
        .isEqualTo(CLIENT_NOT_AUTHENTICATED);
    var next = here.workload();
    here.add(next, new Credential.Kind.Named(SPIFFE, true));
    assertThat(here.authenticator.proveByCertificate(request))
        .isInstanceOfSatisfying(
            Ok.class,
            found -> assertThat(((ProvenClient) found.value()).id()).isEqualTo(next.id()));
  }

  @Test
  void aCertificateIsRegisteredOnceAndANameIsOneHoldersAtATime() {
    var held = authority.selfSigned("CN=a");
    var first = here.add(holder, itself(held, true));
    var name = new Credential.Kind.Named(SPIFFE, false);
    var named = here.add(holder, name);
    var all = here.agents.all;
    for (var kind : new Credential.Kind[] {itself(held, false), name}) {
      var draft = here.draft(here.workload(), kind, Optional.empty());
      assertThat(all.refusal(tx -> here.credentials.add(tx, all.admin, draft)))
          .isEqualTo(DUPLICATE);
    }
    all.done(tx -> here.credentials.revoke(tx, all.admin, first.id(), "why"));
    all.done(tx -> here.credentials.revoke(tx, all.admin, named.id(), "why"));
    var again = here.draft(holder, itself(held, true), Optional.empty());
    assertThat(all.refusal(tx -> here.credentials.add(tx, all.admin, again))).isEqualTo(DUPLICATE);
    assertThat(here.add(here.workload(), name).kind()).isEqualTo(name);
  }
}
