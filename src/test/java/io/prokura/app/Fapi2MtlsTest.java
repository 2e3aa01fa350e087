package io.prokura.app;

import static io.prokura.app.Fapi2Client.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.World;
import io.prokura.sql.TestDatabases;
import io.prokura.tls.TestAuthority;
import io.prokura.tls.TestAuthority.Held;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The plan for the FAPI 2.0 security profile where certificates bind the tokens, and where they
/// prove the applications besides. A proxy brings them (RFC 9440); [TlsServerTest] shows that TLS
/// does the same. See [Fapi2PlanTest] for what does not differ.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class Fapi2MtlsTest {
  private static final List<String> NO_PROOF = List.of();

  private final World world = TestServer.systemWorld();
  private final TestAuthority authority = new TestAuthority("CN=Organisation", Instant.now());
  private final Held firsts = authority.selfSigned("CN=first");
  private final Held seconds = authority.selfSigned("CN=second");
  private Company company;
  private Person erin;
  private Fapi2Client first;
  private Fapi2Client second;

  @BeforeAll
  void found() {
    var folder = TestDatabases.folder();
    var settings = TestServer.behindAProxy(folder);
    company = Company.found(folder, TestDatabases.sqlite(), world, settings);
    erin = Person.of(company);
    first = new Fapi2Client(company, erin.browser, world, "first", CodeFlow.CALLBACK);
    second = new Fapi2Client(company, erin.browser, world, "second", CodeFlow.CALLBACK);
    certify(first, firsts, "");
    certify(second, seconds, ", 'boundTokens': false");
  }

  @AfterAll
  void close() {
    company.close();
  }

  private static String der(Held held) {
    try {
      return Base64.getEncoder().encodeToString(held.leaf().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  private void certify(Fapi2Client client, Held held, String more) {
    company.make(
        client.id + "-certificate",
        "clients/" + client.id + "/credentials",
        "{'kind': 'certificate', 'certificate': '" + der(held) + "'" + more + "}");
  }

  /// The client with this certificate in each request, or none.
  private static Fapi2Client holding(Fapi2Client client, Held... held) {
    client.headers.clear();
    for (var one : held) {
      client.headers.put("Client-Cert", ":" + der(one) + ":");
    }
    return client;
  }

  private static String[] bare(Fapi2Client client) {
    return Fapi2Client.unsigned("client_id", client.id);
  }

  private String code(Fapi2Client client, String... pairs) {
    return client.heard(client.push(pairs)).getOrDefault("code", "");
  }

  private static int userinfo(Fapi2Client client, String token, Held... held) {
    return holding(client, held).userinfo("Bearer " + token).statusCode();
  }

  private void isBoundTo(Held held, Answer tokens) {
    assertThat(tokens.good().text("token_type")).isEqualTo("Bearer");
    var cnf = first.claims(tokens.token()).object("cnf").orElseThrow();
    assertThat(cnf.text("x5t#S256")).hasValue(held.presented().thumbprint());
    assertThat(userinfo(first, tokens.token(), held)).isEqualTo(200);
    assertThat(userinfo(first, tokens.token())).as("without a certificate").isEqualTo(401);
    var thief = authority.selfSigned("CN=first");
    assertThat(userinfo(first, tokens.token(), thief)).as("with another").isEqualTo(401);
  }

  @Test
  void mtlsAndMtls() {
    holding(first, firsts);
    var code = code(first, bare(first));
    holding(first);
    refused(first.redeem(code, NO_PROOF, bare(first)), 401, "invalid_client");
    holding(first, firsts);
    var tokens = first.redeem(code, NO_PROOF, bare(first));
    isBoundTo(firsts, tokens);
    var refresh = tokens.text("refresh_token");
    holding(first, firsts);
    isBoundTo(firsts, first.refresh(refresh, NO_PROOF, bare(first)));
    holding(first);
    refused(first.refresh(refresh, NO_PROOF, bare(first)), 401, "invalid_client");
    holding(first, seconds);
    refused(first.refresh(refresh, NO_PROOF, bare(first)), 401, "invalid_client");
    refused(first.push(bare(first)), 401, "invalid_client");
  }

  @Test
  void privateKeyJwtAndMtls() {
    holding(first);
    var code = code(first);
    holding(first);
    refused(first.redeem(code, NO_PROOF), 400, "invalid_request");
    var binding = authority.selfSigned("CN=only for binding");
    var tokens = holding(first, binding).redeem(code, NO_PROOF);
    isBoundTo(binding, tokens);
    var refresh = tokens.text("refresh_token");
    refused(holding(first).refresh(refresh, NO_PROOF), 400, "invalid_request");
    isBoundTo(binding, holding(first, binding).refresh(refresh, NO_PROOF));
  }

  /// A certificate that binds nothing proves who the application is, and a proof binds the token.
  @Test
  void mtlsAndDpop() {
    holding(second, seconds);
    var code = code(second, bare(second));
    refused(second.redeem(code, NO_PROOF, bare(second)), 400, "invalid_request");
    var prover = second.prover();
    var tokens = second.redeem(code, List.of(prover.proof()), bare(second)).good();
    assertThat(tokens.text("token_type")).isEqualTo("DPoP");
    var token = tokens.token();
    assertThat(userinfo(second, token, seconds)).isEqualTo(401);
    var proof = prover.proof(second.presenting(prover, token).build());
    assertThat(second.userinfo("DPoP " + token, proof).statusCode()).isEqualTo(200);
  }

  @Test
  void ensureClientIdInTokenEndpointAndAuthorizationCodeIsBoundToClient() {
    holding(first, firsts);
    var code = code(first, bare(first));
    refused(first.redeem(code, NO_PROOF, bare(second)), 401, "invalid_client");
    holding(second, seconds);
    var proof = List.of(second.prover().proof());
    refused(second.redeem(code, proof, bare(second)), 400, "invalid_grant");
  }

  @Test
  void discoveryEndPointVerification() {
    var told =
        company.server.object(holding(first).get("/.well-known/openid-configuration", "").body());
    assertThat(told.flag("tls_client_certificate_bound_access_tokens")).hasValue(true);
    assertThat(told.texts("token_endpoint_auth_methods_supported").orElseThrow())
        .contains("tls_client_auth", "self_signed_tls_client_auth");
  }
}
