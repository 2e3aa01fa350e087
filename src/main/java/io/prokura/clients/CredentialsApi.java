package io.prokura.clients;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Refusal.STATE_CONFLICT;
import static io.prokura.kernel.Result.refused;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.VerificationKey;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.management.Caller;
import io.prokura.management.Changes;
import io.prokura.management.Fields;
import io.prokura.management.Named;
import io.prokura.management.Page;
import io.prokura.management.Reply;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import io.prokura.tls.CertificateName;
import io.prokura.tls.Certificates;
import io.prokura.tls.ClientCertificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/// `/api/v1/{agents,workloads,clients}/{id}/credentials` and `/api/v1/credentials`: how clients
/// prove themselves. A secret is shown once, in the answer that creates it; hashes and keys never.
public final class CredentialsApi {
  private static final Named<Id.Credential> CREDENTIAL =
      new Named<>(Id.Credential::parse, "credential");
  private static final String KINDS = "secret, key, jwks-uri, certificate or certificate-name";

  private static final int URL_MAX = 2_000;

  private final Database database;
  private final Changes changes;
  private final Credentials credentials;
  private final Crypto crypto;
  private final Predicate<String> urls;
  private final BiPredicate<Tx, Id.Agent> foreign;
  private final World world;
  private final Limits limits;

  /// `urls` says which URLs keys may be published at, `foreign` which agents only their platform
  /// proves.
  public CredentialsApi(
      Database database,
      Changes changes,
      Credentials credentials,
      Crypto crypto,
      Predicate<String> urls,
      BiPredicate<Tx, Id.Agent> foreign,
      World world,
      Limits limits) {
    this.database = database;
    this.changes = changes;
    this.credentials = credentials;
    this.crypto = crypto;
    this.urls = urls;
    this.foreign = foreign;
    this.world = world;
    this.limits = limits;
  }

  /// Adds to an agent's credentials: a `secret` that the server draws, or a `key`, of which the
  /// public half stands in `jwk`, or several in `jwks`, or those it publishes at a `jwks-uri`, or a
  /// `certificate`, or a `certificate-name` by which the organisation's authorities call the agent.
  public Result<Response> addToAgent(Caller caller, Request request) {
    return add(caller, request, CredentialsApi::agent);
  }

  public Result<Response> addToWorkload(Caller caller, Request request) {
    return add(caller, request, CredentialsApi::workload);
  }

  public Result<Response> addToClient(Caller caller, Request request) {
    return add(caller, request, CredentialsApi::client);
  }

  public Result<Response> listOfAgent(Caller caller, Request request) {
    return list(request, CredentialsApi::agent);
  }

  public Result<Response> listOfWorkload(Caller caller, Request request) {
    return list(request, CredentialsApi::workload);
  }

  public Result<Response> listOfClient(Caller caller, Request request) {
    return list(request, CredentialsApi::client);
  }

  /// Ends a credential for the `reason` in the body.
  public Result<Response> revoke(Caller caller, Request request) {
    return changes.applyReasoned(
        caller,
        request,
        CREDENTIAL::in,
        (tx, id, reason) ->
            credentials
                .revoke(tx, caller.principal(), id, reason)
                .map(revoked -> Reply.ok(view(revoked).build(), 0)));
  }

  private static Optional<Holder> agent(String id) {
    return Id.Agent.parse(id).map(Holder.Agent::new);
  }

  private static Optional<Holder> workload(String id) {
    return Id.Workload.parse(id).map(Holder.Workload::new);
  }

  private static Optional<Holder> client(String id) {
    return Id.Client.parse(id).map(Holder.Application::new);
  }

  private Result<Response> add(
      Caller caller, Request request, Function<String, Optional<Holder>> holders) {
    return changes.apply(
        caller,
        request,
        (tx, body) -> {
          var holder = holders.apply(request.pathParameter("id"));
          return holder.isPresent() ? add(tx, caller, holder.get(), body) : nothing();
        });
  }

  private Result<Reply> add(Tx tx, Caller caller, Holder holder, Json.Obj body) {
    if (holder instanceof Holder.Agent(var agent) && foreign.test(tx, agent)) {
      return refused(
          STATE_CONFLICT, "the agent is proven by its platform, and by nothing of its own");
    }
    var fields = new Fields(body);
    var kind =
        fields.required(
            "kind", KINDS, word -> Optional.of(word).filter(CredentialsApi::isKind), "");
    boolean isKey = kind.equals("key");
    var keys = isKey ? keys(fields) : List.<VerificationKey>of();
    var other = other(kind, fields);
    var expiresAt = fields.instant("expiresAt");
    var problem = fields.problem();
    if (problem.isPresent()) {
      return problem.get().refusal();
    }
    var by = caller.principal();
    if (other.isPresent()) {
      return credentials
          .add(tx, by, holder, other.get(), expiresAt)
          .map(done -> Reply.created(view(done).build(), 0));
    }
    var added =
        isKey
            ? credentials.addKeys(tx, by, holder, keys, expiresAt).map(this::view)
            : credentials
                .addSecret(tx, by, holder, expiresAt)
                .map(told -> view(told.credential()).put("secret", told.text()));
    return added.map(view -> Reply.created(view.build(), 0));
  }

  private static boolean isKind(String word) {
    return List.of("secret", "key", "jwks-uri", "certificate", "certificate-name").contains(word);
  }

  /// What a credential is compared with that is neither a secret nor keys registered here.
  private Optional<Credential.Kind> other(String kind, Fields fields) {
    return switch (kind) {
      case "jwks-uri" -> {
        var uri = fields.optional("jwksUri", "an https URL", this::url);
        if (uri.isEmpty()) {
          fields.wrong("jwksUri says where the keys are");
        }
        yield uri.map(Credential.Kind.KeysAt::new);
      }
      case "certificate" -> {
        var found =
            fields.optional("certificate", "base64 of a certificate", CredentialsApi::parse);
        if (found.isEmpty()) {
          fields.wrong("a certificate comes as base64 of its DER");
        }
        boolean bound = fields.flagOr("boundTokens", true);
        yield found.map(
            one -> new Credential.Kind.Certificate(ClientCertificate.thumbprint(one), bound));
      }
      case "certificate-name" -> {
        var names = new ArrayList<CertificateName>();
        for (var one : CertificateName.Kind.values()) {
          fields
              .optional(one.word(), "a name in certificates", text -> name(one, text))
              .ifPresent(names::add);
        }
        if (names.size() != 1) {
          fields.wrong("say one of subjectDn, sanDns, sanUri, sanIp and sanEmail");
        }
        boolean bound = fields.flagOr("boundTokens", true);
        yield names.stream().findFirst().map(name -> new Credential.Kind.Named(name, bound));
      }
      default -> Optional.empty();
    };
  }

  private Optional<String> url(String text) {
    return Optional.of(text).filter(url -> url.length() <= URL_MAX && urls.test(url));
  }

  private Optional<CertificateName> name(CertificateName.Kind kind, String text) {
    return text.length() > limits.nameMax() ? Optional.empty() : CertificateName.of(kind, text);
  }

  private static Optional<X509Certificate> parse(String base64) {
    try {
      return Certificates.parse(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private List<VerificationKey> keys(Fields fields) {
    var one = fields.object("jwk");
    var several = fields.object("jwks");
    if (one.isPresent() == several.isPresent()) {
      fields.wrong("a key comes as either jwk or jwks");
    }
    var jwks = one.map(List::of).orElseGet(() -> several.map(this::members).orElse(List.of()));
    if (jwks.isEmpty() || jwks.size() > Credentials.HELD_MAX) {
      fields.wrong("jwks has 1 to %d keys".formatted(Credentials.HELD_MAX));
      return List.of();
    }
    var keys = new ArrayList<VerificationKey>();
    for (var jwk : jwks) {
      switch (VerificationKey.parse(crypto, jwk, FIELD_INVALID)) {
        case Ok<VerificationKey>(var key) -> keys.add(key);
        case Refused<VerificationKey>(_, var detail) -> fields.wrong(detail);
      }
    }
    if (keys.stream().anyMatch(key -> key.kid().orElse("").length() > limits.nameMax())) {
      fields.wrong("a kid has at most %d characters".formatted(limits.nameMax()));
    }
    return keys;
  }

  private List<Json.Obj> members(Json.Obj jwks) {
    return new Fields(jwks).objects("keys");
  }

  private Result<Response> list(Request request, Function<String, Optional<Holder>> holders) {
    var paged = Page.of(request, limits);
    if (!(paged instanceof Ok(var page))) {
      return paged.refusal();
    }
    var holder = holders.apply(request.pathParameter("id"));
    if (holder.isEmpty()) {
      return nothing();
    }
    Result<List<Credentials.Listed>> found =
        database.read(tx -> credentials.page(tx, holder.get(), page.after(), page.fetch()));
    return switch (found) {
      case Ok<List<Credentials.Listed>>(var all) ->
          page.response(all, listed -> listed.credential().id().text(), this::view);
      case Refused<List<Credentials.Listed>> refused -> refused.refusal();
    };
  }

  private static <T> Refused<T> nothing() {
    return new Refused<>(NOT_FOUND, "there is nothing of this kind with this id");
  }

  private Json view(Credentials.Listed listed) {
    return view(listed.credential())
        .put("lastUsed", listed.lastUsed().map(Instant::toString))
        .build();
  }

  private Json.Builder view(Credential credential) {
    var view =
        Json.object()
            .put("id", credential.id().text())
            .put("holder", credential.holder().id().text())
            .put("kind", credential.kind().word())
            .put("state", state(credential))
            .put("createdAt", credential.createdAt().toString())
            .put("expiresAt", credential.expiresAt().map(Instant::toString))
            .put("revokedAt", credential.revokedAt().map(Instant::toString));
    return switch (credential.kind()) {
      case Credential.Kind.Secret _ -> view;
      case Credential.Kind.Keys(var keys) ->
          view.put("keys", Json.array(keys.stream().map(CredentialsApi::view).toList()));
      case Credential.Kind.KeysAt(var uri) -> view.put("jwksUri", uri);
      case Credential.Kind.Certificate(var thumbprint, var bound) ->
          view.put("thumbprint", thumbprint).put("boundTokens", bound);
      case Credential.Kind.Named(var name, var bound) ->
          view.put(name.kind().word(), name.value()).put("boundTokens", bound);
    };
  }

  private String state(Credential credential) {
    if (credential.revokedAt().isPresent()) {
      return "revoked";
    }
    return credential.isLive(world.now()) ? "active" : "expired";
  }

  /// What tells one key from another, without the key.
  private static Json view(VerificationKey key) {
    return Json.object()
        .put("kid", key.kid())
        .put("thumbprint", key.thumbprint())
        .put("algorithms", key.algorithms().stream().map(Algorithm::label).toList())
        .build();
  }
}
