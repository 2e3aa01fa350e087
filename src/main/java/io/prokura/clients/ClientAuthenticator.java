package io.prokura.clients;

import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.PRINCIPAL_NOT_ACTIVE;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.agents.Agents;
import io.prokura.directory.Directory;
import io.prokura.directory.Workload;
import io.prokura.http.BasicCredentials;
import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.jose.Confirmation;
import io.prokura.jose.JwtReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.tls.TrustAnchors;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// Finds out which client a request to an OAuth endpoint comes from (RFC 6749 §2.3): by exactly
/// one of the methods of [AuthenticationMethod].
public final class ClientAuthenticator {
  /// The one `client_assertion_type` there is (RFC 7523 §2.2).
  public static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /// The same answer to an unknown client and to a wrong secret.
  private static final String UNPROVEN = "the client is unknown or its secret is wrong";

  private final Credentials credentials;
  private final AssertionVerifier assertions;
  private final CertificateVerifier certificates;
  private final Agents agents;
  private final Directory directory;
  private final Clients clients;
  private final KnownClients known;

  /// `issuer` is what client assertions have to name as their audience; `authorities` are those who
  /// issue the clients' certificates.
  public ClientAuthenticator(
      World world,
      Limits limits,
      String issuer,
      JwtReader reader,
      Credentials credentials,
      ClientKeys keys,
      OneTime oneTime,
      Agents agents,
      Directory directory,
      Clients clients,
      Supplier<TrustAnchors> authorities,
      KnownClients known) {
    this.known = known;
    this.credentials = credentials;
    this.agents = agents;
    this.directory = directory;
    this.clients = clients;
    certificates = new CertificateVerifier(world, credentials, authorities);
    assertions =
        new AssertionVerifier(world, limits, issuer, reader, keys, clients, oneTime, known);
  }

  /// The client that sent `request`, whose body is `form`, when it may act: [#prove] and [#admit].
  public Result<AuthenticatedClient> authenticate(Request request, Form form) {
    var proof = prove(request, form);
    return proof instanceof Ok(var client) ? admit(client) : proof.refusal();
  }

  /// The client that sent `request`, active or not. Refuses `MALFORMED_REQUEST` for more than one
  /// method or half of one, and `CLIENT_NOT_AUTHENTICATED` when there is none or the proof is
  /// wrong. A client assertion is used up. Not to be called in a transaction.
  public Result<ProvenClient> prove(Request request, Form form) {
    long checked = credentials.cutOffsApplied();
    return proof(proven(request, form), checked);
  }

  /// The client whose certificate came with `request`, for requests that name no client. Refuses
  /// `CLIENT_NOT_AUTHENTICATED`.
  public Result<ProvenClient> proveByCertificate(Request request) {
    long checked = credentials.cutOffsApplied();
    return proof(
        request
            .certificate()
            .map(certificates::verify)
            .orElseGet(() -> refused(CLIENT_NOT_AUTHENTICATED, "there is no certificate")),
        checked);
  }

  /// The client that signed an assertion, which is used up. Refuses `CLIENT_NOT_AUTHENTICATED`.
  /// Not to be called in a transaction.
  public Result<ProvenClient> proveByAssertion(String compact) {
    long checked = credentials.cutOffsApplied();
    return proof(assertions.verify(compact), checked);
  }

  /// The client that a secret proves, for requests that authenticate no client by it. Refuses
  /// `CLIENT_NOT_AUTHENTICATED`.
  public Result<ProvenClient> proveBySecret(String client, String secret) {
    long checked = credentials.cutOffsApplied();
    return proof(bySecret(client, secret, AuthenticationMethod.CLIENT_SECRET_POST), checked);
  }

  private Result<ProvenClient> proof(Result<Proven> proof, long checked) {
    if (!(proof instanceof Ok(var proven))) {
      return proof.refusal();
    }
    proven.credential().ifPresent(credentials::used);
    return ok(new ProvenClient(proven, checked));
  }

  /// The client as one that may act; refuses `PRINCIPAL_NOT_ACTIVE`, and `CLIENT_NOT_AUTHENTICATED`
  /// where its profile asks for a better proof.
  public Result<AuthenticatedClient> admit(ProvenClient client) {
    var proven = client.proven();
    boolean fapi2 = clients.isFapi2(proven.holder());
    if (fapi2 && !isFapi2(proven.method())) {
      return refused(
          CLIENT_NOT_AUTHENTICATED, "under fapi2 an application signs or shows a certificate");
    }
    return inactivity(proven.holder())
        .<Result<AuthenticatedClient>>map(detail -> refused(PRINCIPAL_NOT_ACTIVE, detail))
        .orElseGet(() -> ok(new AuthenticatedClient(proven, client.checked(), fapi2)));
  }

  /// The agent that somebody else than itself has proven: its platform by an assertion, or this
  /// server by a token of its own. It has no credential here, so what it gets rests on that word,
  /// which is good until `until` and was looked at after the cut-off `checked`. Refuses
  /// `PRINCIPAL_NOT_ACTIVE`.
  public Result<AuthenticatedClient> vouchedFor(Id.Agent agent, Instant until, long checked) {
    var proven = Proven.vouchedFor(agent, until);
    return inactivity(proven.holder())
        .<Result<AuthenticatedClient>>map(detail -> refused(PRINCIPAL_NOT_ACTIVE, detail))
        .orElseGet(() -> ok(new AuthenticatedClient(proven, checked, false)));
  }

  /// The number of the newest cut-off that has been applied.
  public long checked() {
    return credentials.cutOffsApplied();
  }

  /// Whether a request says which client sends it, well or badly.
  public static boolean isSaidBy(Request request, Form form) {
    return request.hasAuthorization()
        || form.has("client_secret")
        || form.has("client_assertion")
        || form.has("client_assertion_type");
  }

  private Result<Proven> proven(Request request, Form form) {
    var header = request.basicCredentials();
    if (!(header instanceof Ok(var basic))) {
      return header.refusal();
    }
    boolean post = form.has("client_secret");
    boolean assertion = form.has("client_assertion") || form.has("client_assertion_type");
    int methods = (request.hasAuthorization() ? 1 : 0) + (post ? 1 : 0) + (assertion ? 1 : 0);
    if (methods > 1) {
      return refused(MALFORMED_REQUEST, "the client authenticates in more than one way");
    }
    if (basic.isPresent()) {
      return byHeader(basic.get(), form);
    }
    if (post) {
      var id = form.require("client_id");
      return id instanceof Ok(var client)
          ? bySecret(
              client,
              form.get("client_secret").orElseThrow(),
              AuthenticationMethod.CLIENT_SECRET_POST)
          : id.refusal();
    }
    if (!assertion && isPublic(form)) {
      return ok(Proven.unproven(Holder.parse(form.get("client_id").orElseThrow()).orElseThrow()));
    }
    if (!assertion && request.certificate().isPresent()) {
      var id = form.require("client_id");
      return id instanceof Ok(var client)
          ? certificates.verify(client, request.certificate().get())
          : id.refusal();
    }
    return assertion
        ? byAssertion(form).map(signer -> beside(request, signer))
        : refused(
            CLIENT_NOT_AUTHENTICATED,
            "the client has to authenticate: " + AuthenticationMethod.labels());
  }

  private boolean isPublic(Form form) {
    return form.get("client_id")
        .flatMap(known::find)
        .filter(client -> client.registration().isPublic())
        .isPresent();
  }

  private Result<Proven> byHeader(BasicCredentials basic, Form form) {
    return isNamed(form, basic.id())
        ? bySecret(basic.id(), basic.secret(), AuthenticationMethod.CLIENT_SECRET_BASIC)
        : otherClient();
  }

  private Result<Proven> byAssertion(Form form) {
    var type = form.require("client_assertion_type");
    if (!(type instanceof Ok(var named))) {
      return type.refusal();
    }
    var assertion = form.require("client_assertion");
    if (!(assertion instanceof Ok(var compact))) {
      return assertion.refusal();
    }
    if (!named.equals(ASSERTION_TYPE)) {
      return refused(CLIENT_NOT_AUTHENTICATED, "client_assertion_type has to be " + ASSERTION_TYPE);
    }
    var verified = assertions.verify(compact);
    return !(verified instanceof Ok(var proven)) || isNamed(form, proven.holder().id().text())
        ? verified
        : otherClient();
  }

  /// The signer of an assertion together with the certificate that came with it. Under FAPI 2.0,
  /// where every token is bound, its tokens are bound to that one (RFC 8705 §3), whoever issued it:
  /// TLS has shown who holds its key, and that is all that is asked of whoever presents the token.
  private Proven beside(Request request, Proven signer) {
    return request
        .certificate()
        .filter(_ -> clients.isFapi2(signer.holder()))
        .map(certificate -> signer.bound(new Confirmation.Certificate(certificate.thumbprint())))
        .orElse(signer);
  }

  /// Whether `client_id`, where it is sent, names the client that authenticates.
  private static boolean isNamed(Form form, String client) {
    return form.get("client_id").map(named -> isOf(named, client)).orElse(true);
  }

  /// Whether an application is named by its id or by the URL that stands for it.
  private static boolean isOf(String named, String client) {
    return named.equals(client)
        || Id.Client.parse(named).map(Id.Client::text).equals(Optional.of(client));
  }

  private static Result<Proven> otherClient() {
    return refused(
        CLIENT_NOT_AUTHENTICATED, "client_id names another client than the one that authenticates");
  }

  /// Compares with every secret of the client, and with one that nobody has when there is none, so
  /// that an unknown client takes the same path as a wrong secret.
  private Result<Proven> bySecret(String client, String secret, AuthenticationMethod method) {
    var holder = Holder.parse(client);
    Optional<Credential> proof = Optional.empty();
    boolean compared = false;
    if (holder.isPresent()) {
      for (var credential : credentials.live(holder.get())) {
        if (credential.kind() instanceof Credential.Kind.Secret(var hash)) {
          compared = true;
          proof = hash.matches(secret) ? Optional.of(credential) : proof;
        }
      }
    }
    if (!compared && SecretHash.OF_NOTHING.matches(secret)) {
      return refused(CLIENT_NOT_AUTHENTICATED, UNPROVEN);
    }
    return proof.isPresent()
        ? ok(Proven.by(proof.get(), method))
        : refused(CLIENT_NOT_AUTHENTICATED, UNPROVEN);
  }

  /// Whether a method is one of the FAPI 2.0 security profile (§5.3.2.1).
  private static boolean isFapi2(AuthenticationMethod method) {
    return switch (method) {
      case PRIVATE_KEY_JWT, TLS_CLIENT_AUTH, SELF_SIGNED_TLS_CLIENT_AUTH -> true;
      case CLIENT_SECRET_BASIC, CLIENT_SECRET_POST, NONE -> false;
    };
  }

  /// Why the holder is not active, if it is not.
  private Optional<String> inactivity(Holder holder) {
    return switch (holder) {
      case Holder.Agent(var id) ->
          agents.active(id) instanceof Result.Refused<?>(_, var detail)
              ? Optional.of(detail)
              : Optional.empty();
      case Holder.Workload(var id) ->
          directory.workload(id).filter(Workload::active).isPresent()
              ? Optional.empty()
              : Optional.of("the workload is not active");
      case Holder.Application(var id) ->
          clients.find(id).filter(Client::active).isPresent()
              ? Optional.empty()
              : Optional.of("the application is not active");
    };
  }
}
