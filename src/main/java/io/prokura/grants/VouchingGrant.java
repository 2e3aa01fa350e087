package io.prokura.grants;

import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.authorize.AskingClients;
import io.prokura.authorize.ConsentQuestions;
import io.prokura.authorize.Grants;
import io.prokura.authorize.RefreshTokens;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Resource;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.decision.Pdp;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Conferred;
import io.prokura.delegation.Granted;
import io.prokura.delegation.Presenter;
import io.prokura.delegation.Wanted;
import io.prokura.http.Form;
import io.prokura.issuers.Issuers;
import io.prokura.issuers.TrustedIssuer;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Lineage;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.sessions.Sessions;
import io.prokura.tokens.Audiences;
import io.prokura.tokens.IdTokens;
import io.prokura.tokens.Issuance;
import io.prokura.tokens.Issuance.Issued;
import io.prokura.tokens.Tokens;
import io.prokura.tokens.UserAuthentication;
import io.prokura.tokens.Word;
import java.time.Instant;
import java.util.Optional;

/// Vouches for a person, and for who acts for them, to a server elsewhere (RFC 8693 in the profiles
/// draft-ietf-oauth-identity-chaining §2.3 and draft-ietf-oauth-identity-assertion-authz-grant
/// §4.3, which differ by the type of the word). What the word says may be had there is worked out
/// here as for a token of this server's own: the resource is registered, and person, client,
/// actors, delegations, purpose and policies bound it.
///
/// An application shows that the person is signed in, by the ID token or refresh token it has of
/// them. An agent shows its token for the person; its chain goes along. Where all that rests on one
/// sign-in, when and how that was is told too; a standing delegation rests on none.
public final class VouchingGrant {
  private final String own;
  private final World world;
  private final Limits limits;
  private final Issuers issuers;
  private final Catalogue catalogue;
  private final Tokens tokens;
  private final IdTokens idTokens;
  private final Audiences audiences;
  private final Sessions sessions;
  private final Grants grants;
  private final RefreshTokens refreshTokens;
  private final Presenters presenters;
  private final Applications applications;
  private final Authorities authorities;
  private final PermittedTokens permitted;

  /// `own` is what this server is known by.
  public VouchingGrant(
      String own,
      World world,
      Limits limits,
      Issuers issuers,
      Catalogue catalogue,
      Tokens tokens,
      IdTokens idTokens,
      Audiences audiences,
      Sessions sessions,
      Grants grants,
      RefreshTokens refreshTokens,
      Presenters presenters,
      AskingClients clients,
      ConsentQuestions questions,
      Authorities authorities,
      Pdp pdp,
      Issuance issuance) {
    this.own = own;
    this.world = world;
    this.limits = limits;
    this.issuers = issuers;
    this.catalogue = catalogue;
    this.tokens = tokens;
    this.idTokens = idTokens;
    this.audiences = audiences;
    this.sessions = sessions;
    this.grants = grants;
    this.refreshTokens = refreshTokens;
    this.presenters = presenters;
    this.authorities = authorities;
    applications = new Applications(catalogue, clients, questions);
    permitted = new PermittedTokens(pdp, issuance);
  }

  /// What somebody may have, who that is, and by which name the client knows whom it is for.
  private record Claim(
      Presenter who,
      String subject,
      Optional<UserAuthentication> signedIn,
      Result<Conferred> conferred) {}

  Result<Issued> issue(Word word, AuthenticatedClient client, Form form, String peer) {
    var parsed = VouchingRequest.parse(word, form, limits);
    if (!(parsed instanceof Ok(var request))) {
      return parsed.refusal();
    }
    if (client.credential().isEmpty()) {
      return refused(CLIENT_NOT_ALLOWED, "only who proves itself is given a word for others");
    }
    var issuer = issuers.named(request.server());
    var terms = issuer.flatMap(one -> one.terms().receives());
    if (issuer.isEmpty() || terms.isEmpty()) {
      return refused(RESOURCE_UNKNOWN, "nobody is vouched for to that server");
    }
    var clientId = Optional.ofNullable(terms.get().clients().get(client.clientId()));
    if (clientId.isEmpty()) {
      return refused(CLIENT_NOT_ALLOWED, "the client has no id at that server");
    }
    var found = resource(terms.get(), request.wanted().resource());
    if (!(found instanceof Ok(var resource))) {
      return found.refusal();
    }
    var wanted =
        new Wanted(resource.identifier(), request.wanted().scopes(), request.wanted().purpose());
    var claimed = claim(client, request, wanted);
    if (!(claimed instanceof Ok(var claim))) {
      return claimed.refusal();
    }
    var to =
        new Issuance.Receiver(
            word,
            issuer.get().id(),
            issuer.get().issuer(),
            clientId.get(),
            claim.subject(),
            claim.signedIn());
    return permitted.vouching(claim.conferred(), claim.who(), to, peer);
  }

  /// The resource that is named, or the only one that the server has.
  private Result<Resource> resource(TrustedIssuer.Receiver receiver, String named) {
    var all =
        receiver.resources().stream()
            .map(catalogue::resource)
            .flatMap(Optional::stream)
            .filter(one -> named.isEmpty() || one.identifier().equals(named))
            .toList();
    return all.size() == 1
        ? ok(all.getFirst())
        : refused(RESOURCE_UNKNOWN, "name one resource of that server");
  }

  private Result<Claim> claim(AuthenticatedClient client, VouchingRequest request, Wanted wanted) {
    return switch (request.subject()) {
      case ID_TOKEN -> byIdToken(client, request.token(), wanted);
      case REFRESH_TOKEN -> byRefreshToken(client, request.token(), wanted);
      case ACCESS_TOKEN -> byAccessToken(client, request.token(), wanted);
    };
  }

  /// An ID token is good as long as the person stays signed in.
  private Result<Claim> byIdToken(AuthenticatedClient client, String compact, Wanted wanted) {
    var told = idTokens.current(compact).filter(one -> one.clientId().equals(client.clientId()));
    var session =
        told.flatMap(IdTokens.Hint::session)
            .flatMap(sessions::alive)
            .filter(one -> idTokens.names(told.get(), one.user()));
    if (session.isEmpty()) {
      return refused(
          SUBJECT_TOKEN_INVALID, "the ID token is not the client's, or the person has left");
    }
    var one = session.get();
    var signedIn = new UserAuthentication(one.startedAt(), one.acr(), one.amr());
    var known = new Known(one.user(), one.lineage(own), one.endsAt(), one.checked(), signedIn);
    return ofPerson(client, known, wanted);
  }

  private Result<Claim> byRefreshToken(AuthenticatedClient client, String text, Wanted wanted) {
    long checked = grants.checked();
    var found = refreshTokens.find(text);
    if (!(found instanceof Ok(var presented))) {
      return refused(SUBJECT_TOKEN_INVALID, "there is no such refresh token");
    }
    var grant = presented.grant();
    var key = grant.keyThumbprint();
    if (!grant.clientId().equals(client.clientId())
        || (key.isPresent() && !key.equals(client.confirmation().keyThumbprint()))) {
      return refused(SUBJECT_TOKEN_INVALID, "the refresh token is not the client's");
    }
    if (!grant.identity().contains("openid") || grant.actor().isPresent()) {
      return refused(
          SUBJECT_TOKEN_INVALID,
          "it was not granted for telling who the person is, or to an agent");
    }
    return grants.alive(grant, SUBJECT_TOKEN_INVALID) instanceof Ok(var alive)
        ? ofPerson(
            client,
            new Known(
                alive.user(),
                alive.lineage(own),
                alive.expiresAt(),
                checked,
                SignedIns.authentication(alive)),
            wanted)
        : refused(SUBJECT_TOKEN_INVALID, "what was granted has ended");
  }

  /// A person who is signed in: what that rests on, until when, and how they did it.
  private record Known(
      Id.User user, Lineage lineage, Instant until, long checked, UserAuthentication signedIn) {}

  private Result<Claim> ofPerson(AuthenticatedClient client, Known known, Wanted wanted) {
    var old = applications.tooOld(client, Optional.of(known.signedIn().at()), world.now());
    if (old.isPresent()) {
      return old.get().refusal();
    }
    return applications
        .ceiling(client, wanted.resource())
        .map(
            ceiling -> {
              var all =
                  known
                      .lineage()
                      .with(client.credential().orElseThrow())
                      .withWord(client.clientId());
              var granted =
                  new Granted(client.clientId(), ceiling, all, known.until(), known.checked());
              var who = presenters.of(known.user(), client);
              return new Claim(
                  who,
                  audiences.subject(client.clientId(), known.user()),
                  Optional.of(known.signedIn()),
                  authorities.ofPerson(who, granted, wanted));
            });
  }

  /// An agent or workload goes on with the authority that it has for a person.
  private Result<Claim> byAccessToken(AuthenticatedClient client, String compact, Wanted wanted) {
    var principal = client.principal();
    if (principal.isEmpty()) {
      return refused(
          CLIENT_NOT_ALLOWED, "an application shows the ID token or refresh token of the person");
    }
    var presenter = presenters.acting(principal.get(), client);
    if (!(presenter instanceof Ok(var who))) {
      return presenter.refusal();
    }
    var verified = tokens.verify(compact, SUBJECT_TOKEN_INVALID);
    if (!(verified instanceof Ok(var token))) {
      return verified.refusal();
    }
    var held = token.authority();
    boolean isOwn =
        held.isDelegated()
            && held.subject() instanceof Id.User
            && held.current().equals(who.principal())
            && token.isConfirmedBy(who.confirmation());
    return isOwn
        ? ok(
            new Claim(
                who,
                held.subject().text(),
                grants.find(held.lineage()).map(SignedIns::authentication),
                authorities.across(who, held, wanted)))
        : refused(SUBJECT_TOKEN_INVALID, "the token is not the caller's for a person, or bound");
  }
}
