package io.prokura.tokens;

import static io.prokura.kernel.Refusal.DELEGATION_INACTIVE;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Resource;
import io.prokura.cutoff.CutOffs;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Delegations;
import io.prokura.delegation.Standing;
import io.prokura.delegation.StatedPurposes;
import io.prokura.http.Request;
import io.prokura.jose.Algorithm;
import io.prokura.jose.Confirmation;
import io.prokura.jose.ExpectedType;
import io.prokura.jose.Jwt;
import io.prokura.jose.JwtReader;
import io.prokura.jose.JwtTimes;
import io.prokura.jose.JwtWriter;
import io.prokura.jose.KnownSignatures;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Outage;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.keys.SigningKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/// Mints our tokens and verifies them when they are presented.
public final class Tokens {
  static final String ACCESS_TOKEN = "at+jwt";
  static final String HAND_OVER = "hand-over+jwt";
  static final String TRANSACTION = "txntoken+jwt";

  /// The claim with the resource that an authority is about, where `aud` is something else.
  private static final String TARGET = "target";

  private final String issuer;
  private final World world;
  private final Limits limits;
  private final SigningKeys keys;
  private final JwtReader reader;
  private final CutOffs cutOffs;
  private final Catalogue catalogue;
  private final Standing standing;
  private final Delegations delegations;
  private final StatedPurposes purposes;
  private final Predicate<Id.Principal> unproven;
  private final MoreClaims more;
  private final KnownSignatures signatures = new KnownSignatures();

  public Tokens(
      String issuer,
      World world,
      Limits limits,
      SigningKeys keys,
      JwtReader reader,
      CutOffs cutOffs,
      Catalogue catalogue,
      Standing standing,
      Delegations delegations,
      StatedPurposes purposes,
      Predicate<Id.Principal> unproven,
      MoreClaims more) {
    this.issuer = issuer;
    this.world = world;
    this.limits = limits;
    this.keys = keys;
    this.reader = reader;
    this.cutOffs = cutOffs;
    this.catalogue = catalogue;
    this.standing = standing;
    this.delegations = delegations;
    this.purposes = purposes;
    this.unproven = unproven;
    this.more = more;
  }

  /// Signs an access token (RFC 9068). It ends with whatever its authority rests on, at the latest
  /// after the usual life; refuses `DELEGATION_INACTIVE` when that is not a second away.
  public Result<Minted> mint(Authority authority, Confirmation confirmation) {
    return mint(authority, confirmation, Optional.empty());
  }

  /// The same for a person who signed in as `signedIn` says.
  Result<Minted> mint(
      Authority authority, Confirmation confirmation, Optional<UserAuthentication> signedIn) {
    var claims = Claims.write(issuer, authority, unproven).put("aud", authority.audience());
    claims.putAll(more.of(authority.subject()).members());
    signedIn.ifPresent(how -> how.write(claims));
    confirmation.claim().ifPresent(cnf -> claims.put("cnf", cnf));
    var algorithm =
        catalogue
            .resource(authority.resource())
            .map(Resource::tokenAlgorithm)
            .orElse(Algorithm.ES256);
    return mint(
        claims, keys.signing(algorithm), ACCESS_TOKEN, authority, limits.accessTokenLifetime());
  }

  /// Signs a hand-over: what `offered` lets through, for its outermost actor to take. It has to be
  /// taken before its `exp`; what is taken lasts until `until`, like the token it is handed from.
  public Result<Minted> mintHandOver(Authority offered) {
    var delegate = offered.actors().getFirst();
    var claims =
        Claims.write(issuer, offered, unproven)
            .put("aud", issuer)
            .put(TARGET, offered.audience())
            .put(Claims.UNTIL, offered.notAfter().getEpochSecond())
            .put(
                "may_act",
                Json.object()
                    .put("iss", issuer)
                    .put("sub", delegate.text())
                    .put("sub_profile", delegate.profile())
                    .build());
    return mint(claims, keys.signing(), HAND_OVER, offered, limits.handOverLifetime());
  }

  /// Signs what this server says of `authority` to a server elsewhere, which is all that crosses
  /// over (draft-ietf-oauth-identity-chaining §2.5).
  Result<Minted> mintVouching(
      Authority authority, Issuance.Receiver to, Confirmation confirmation) {
    var claims =
        Json.object()
            .put("iss", issuer)
            .put("sub", to.subject())
            .put("sub_profile", authority.subject().profile())
            .put("aud", to.issuer())
            .put("client_id", to.clientId())
            .put("resource", authority.audience())
            .put("scope", authority.scopes().toString());
    if (authority.isDelegated()) {
      claims.put("act", Claims.act(issuer, authority.actors(), unproven));
    }
    to.signedIn().ifPresent(one -> one.write(claims));
    confirmation.claim().ifPresent(cnf -> claims.put("cnf", cnf));
    return mint(claims, keys.signing(), to.word().typ(), authority, limits.accessTokenLifetime());
  }

  /// Signs a transaction token (draft-ietf-oauth-transaction-tokens §9). It is bound to no key: a
  /// workload that passes it on proves itself by other means.
  Result<Minted> mintTransaction(Authority authority, Transaction transaction) {
    var id = Id.Token.next(world);
    var claims = Claims.write(issuer, authority, unproven).put(TARGET, authority.audience());
    transaction.write(claims, id);
    return mint(id, claims, keys.signing(), TRANSACTION, authority, limits.accessTokenLifetime());
  }

  private Result<Minted> mint(
      Json.Builder claims, SigningKey key, String type, Authority authority, Duration lifetime) {
    return mint(Id.Token.next(world), claims, key, type, authority, lifetime);
  }

  private Result<Minted> mint(
      Id.Token id,
      Json.Builder claims,
      SigningKey key,
      String type,
      Authority authority,
      Duration lifetime) {
    var now = Instant.ofEpochSecond(world.now().getEpochSecond());
    var usual = now.plus(lifetime);
    var end = authority.notAfter().isBefore(usual) ? authority.notAfter() : usual;
    if (end.getEpochSecond() <= now.getEpochSecond()) {
      return refused(DELEGATION_INACTIVE, "what the token would rest on ends now");
    }
    claims.put("jti", id.text()).put("iat", now.getEpochSecond()).put("exp", end.getEpochSecond());
    var compact = JwtWriter.mint(key, type, claims.build());
    return ok(new Minted(compact, id, now, end));
  }

  /// Checks an access token as it was presented; refuses `reason`.
  public Result<VerifiedToken> verify(String compact, Refusal reason) {
    return verify(compact, ACCESS_TOKEN, "aud", reason);
  }

  /// Checks an access token that a caller of ours presented with `request`, and that the caller has
  /// proven what the token is bound to (RFC 8705 §3); refuses `TOKEN_INVALID`.
  public Result<VerifiedToken> verifyPresented(String compact, Request request) {
    var verified = verify(compact, TOKEN_INVALID);
    return verified instanceof Ok(var token) && !token.isConfirmedBy(proven(request))
        ? refused(
            TOKEN_INVALID,
            "the token is bound to a certificate or key that the request came without")
        : verified;
  }

  private static Confirmation proven(Request request) {
    return request
        .certificate()
        .<Confirmation>map(held -> new Confirmation.Certificate(held.thumbprint()))
        .orElse(Confirmation.none());
  }

  /// What a token that was refused says it is for, to find out whom the reason concerns and for
  /// nothing else: anyone may have written it.
  public Optional<String> claimedAudience(String compact) {
    return reader.read(compact, Refusal.TOKEN_INVALID) instanceof Ok(var unverified)
        ? unverified.unverifiedClaims().text("aud")
        : Optional.empty();
  }

  /// Checks a hand-over as it was presented; refuses `reason`. That it is used once is for the
  /// caller's transaction to see to.
  public Result<VerifiedToken> verifyHandOver(String compact, Refusal reason) {
    return verify(compact, HAND_OVER, TARGET, reason);
  }

  /// Checks a transaction token as it was presented, and that every workload that asked for it is
  /// active: what a workload said is worth as much as it is. Refuses `reason`.
  public Result<VerifiedToken> verifyTransaction(String compact, Refusal reason) {
    var verified = verify(compact, TRANSACTION, TARGET, reason);
    return verified instanceof Ok(var token)
            && standing.of(Transaction.of(token).requesters())
                instanceof Result.Refused<?>(_, var detail)
        ? refused(reason, detail)
        : verified;
  }

  /// An access token that we issued to this client, whether it is good at this moment or
  /// not: who was suspended may come back, a clock may be put right, and the token with them.
  Optional<Own> issuedTo(String clientId, String compact) {
    requireCurrent();
    return signed(compact, ACCESS_TOKEN, TOKEN_INVALID) instanceof Ok(var jwt)
            && jwt.claims().text("client_id").equals(Optional.of(clientId))
        ? Optional.of(
            new Own(
                jwt.claims().text("jti").flatMap(Id.Token::parse).orElseThrow(),
                jwt.claims().text("sub").flatMap(Id.Principal::parse).orElseThrow()))
        : Optional.empty();
  }

  /// A token of ours and whose authority it carries.
  record Own(Id.Token id, Id.Principal subject) {}

  private void requireCurrent() {
    if (!cutOffs.isCurrent()) {
      throw new Outage("this node does not know the newest cut-offs");
    }
  }

  private Result<VerifiedToken> verify(String compact, String type, String target, Refusal reason) {
    requireCurrent();
    long applied = cutOffs.applied();
    var signed = signed(compact, type, reason);
    if (!(signed instanceof Ok(var jwt))) {
      return signed.refusal();
    }
    var claims = jwt.claims();
    // Another node may have signed it whose clock is ahead; what has expired has expired.
    var times = JwtTimes.check(claims, world.now(), Duration.ZERO, limits.clockSkew(), reason);
    if (!(times instanceof Ok)) {
      return times.refusal();
    }
    var id = claims.text("jti").flatMap(Id.Token::parse);
    var audience = claims.text(target);
    if (id.isEmpty() || audience.isEmpty()) {
      return refused(reason, "the token is not one of ours");
    }
    var authority = Claims.read(claims, audience.get(), catalogue);
    if (authority.isEmpty()) {
      return refused(reason, "what the token is for is no longer registered");
    }
    if (!isSignedAsWanted(jwt, authority.get())) {
      return refused(reason, "the token is not signed by what its resource wants");
    }
    var dead = dead(authority.get(), id.get());
    if (dead.isPresent()) {
      return refused(reason, dead.get());
    }
    var confirmation = Confirmation.read(claims);
    if (confirmation.isEmpty()) {
      return refused(reason, "the token is bound to something unknown");
    }
    var whole = within(authority.get(), id.get(), applied);
    return ok(new VerifiedToken(id.get(), whole, confirmation.get(), claims));
  }

  /// Whether a token was signed by the usual algorithm or the one that its resource wants: a key
  /// that was made for others lets nobody in here.
  private boolean isSignedAsWanted(Jwt jwt, Authority authority) {
    var algorithms = jwt.key().algorithms();
    return algorithms.contains(Algorithm.ES256)
        || catalogue
            .resource(authority.resource())
            .filter(resource -> algorithms.contains(resource.tokenAlgorithm()))
            .isPresent();
  }

  private Result<Jwt> signed(String compact, String type, Refusal reason) {
    var read = reader.read(compact, reason);
    if (!(read instanceof Ok(var unverified))) {
      return read.refusal();
    }
    var key = unverified.kid().flatMap(keys::find);
    if (key.isEmpty()) {
      return refused(reason, "the token is not signed with a key of this server");
    }
    var verified = signatures.verify(unverified, key.get(), ExpectedType.of(type), reason);
    if (!(verified instanceof Ok(var jwt))) {
      return verified;
    }
    return jwt.claims().text("iss").equals(Optional.of(issuer))
        ? verified
        : refused(reason, "the token has another issuer");
  }

  /// Why a token that was once good is good no more, from memory, in the size of its lineage.
  private Optional<String> dead(Authority authority, Id.Token id) {
    var lineage = authority.lineage().with(id).withWord(issuer);
    if (cutOffs.killer(lineage, authority.checked()).isPresent()) {
      return Optional.of("the token has been cut off");
    }
    if (standing.of(authority.chain()) instanceof Result.Refused<?>(_, var detail)) {
      return Optional.of(detail);
    }
    if (!delegations.areActive(authority.delegations())) {
      return Optional.of("a delegation the token rests on has ended");
    }
    return purposes.isActive(authority.purpose())
        ? Optional.empty()
        : Optional.of("the purpose has expired");
  }

  /// The authority with the token itself in its lineage, all of which was found alive after the
  /// cut-off `applied` had been.
  private static Authority within(Authority authority, Id.Token id, long applied) {
    return new Authority(
        authority.subject(),
        authority.actors(),
        authority.clientId(),
        authority.resource(),
        authority.audience(),
        authority.scopes(),
        authority.purpose(),
        authority.delegations(),
        authority.task(),
        authority.lineage().with(id),
        applied,
        authority.asserted(),
        authority.notAfter());
  }
}
