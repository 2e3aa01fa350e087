package io.prokura.tokens;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.prokura.audit.AuditLog;
import io.prokura.audit.Event;
import io.prokura.delegation.Arithmetic;
import io.prokura.delegation.Authority;
import io.prokura.delegation.Conferred;
import io.prokura.delegation.Operand;
import io.prokura.delegation.Presenter;
import io.prokura.delegation.Stated;
import io.prokura.jose.Base64Url;
import io.prokura.jose.Crypto;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.util.Optional;

/// Lets a token out: signs it, puts it on record with the arithmetic that led to it, and returns it
/// only when the record is durable.
public final class Issuance {
  /// The type of an access token's entry.
  static final String ACCESS_TOKEN = "token.issued";

  /// The same of a transaction token, and where its entry says in which domain it is good.
  static final String TRANSACTION = "transaction.issued";

  static final String TRUST_DOMAIN = "trustDomain";

  private final Database database;
  private final Tokens tokens;
  private final AuditLog audit;

  public Issuance(Database database, Tokens tokens, AuditLog audit) {
    this.database = database;
    this.tokens = tokens;
    this.audit = audit;
  }

  /// A token that is on record, and the entry that tells of it.
  public record Issued(Minted token, Authority authority, Id.Entry entry) {}

  /// What else has to happen in the transaction that records a token, or be refused.
  @FunctionalInterface
  public interface Besides {
    Result<Tx> run(Tx tx);
  }

  /// Issues an access token. `grant` is the way it was asked for, `peer` the caller's address.
  public Result<Issued> accessToken(
      Conferred conferred, Presenter who, String grant, String peer, Besides besides) {
    return accessToken(conferred, who, Optional.empty(), grant, peer, besides);
  }

  /// The same for a person who signed in as `signedIn` says.
  public Result<Issued> accessToken(
      Conferred conferred,
      Presenter who,
      Optional<UserAuthentication> signedIn,
      String grant,
      String peer,
      Besides besides) {
    var minted = tokens.mint(conferred.authority(), who.confirmation(), signedIn);
    return record(ACCESS_TOKEN, minted, conferred, who, grant, peer, besides);
  }

  /// Issues a hand-over.
  public Result<Issued> handOver(Conferred offered, Presenter who, String grant, String peer) {
    var minted = tokens.mintHandOver(offered.authority());
    return record("hand-over.issued", minted, offered, who, grant, peer, Result::ok);
  }

  /// Who is told about somebody, and by which kind of word: a trusted issuer, by its identifier,
  /// and the id that the client has there; by which name it is told of the subject, and how they
  /// signed in where that is known.
  public record Receiver(
      Word word,
      Id.Issuer id,
      String issuer,
      String clientId,
      String subject,
      Optional<UserAuthentication> signedIn) {}

  /// Issues a word for a server elsewhere.
  public Result<Issued> vouching(Conferred conferred, Presenter who, Receiver to, String peer) {
    var authority = conferred.authority();
    var result = tokens.mintVouching(authority, to, who.confirmation());
    if (!(result instanceof Ok(var minted))) {
      return result.refusal();
    }
    var word = to.word().label();
    var event =
        event(word + ".issued", minted, conferred, who, word, peer).reference("receiver", to.id());
    return record(minted, conferred, event.build(), Result::ok);
  }

  /// Issues a transaction token. The record has a hash of it, to find it by in the logs of others
  /// (draft-ietf-oauth-transaction-tokens §15.2), and nothing of what workloads said in it.
  public Result<Issued> transaction(
      Conferred conferred, Presenter who, Transaction transaction, String grant, String peer) {
    var result = tokens.mintTransaction(conferred.authority(), transaction);
    if (!(result instanceof Ok(var minted))) {
      return result.refusal();
    }
    var hash = Base64Url.encode(Crypto.sha256(minted.compact().getBytes(US_ASCII)));
    var event =
        event(TRANSACTION, minted, conferred, who, grant, peer)
            .word(TRUST_DOMAIN, transaction.trustDomain())
            .reference("transaction", transaction.first().orElse(minted.id()))
            .references("requesters", transaction.requesters())
            .word("hash", hash);
    return record(minted, conferred, event.build(), Result::ok);
  }

  private Result<Issued> record(
      String type,
      Result<Minted> result,
      Conferred conferred,
      Presenter who,
      String grant,
      String peer,
      Besides besides) {
    if (!(result instanceof Ok(var minted))) {
      return result.refusal();
    }
    var event = event(type, minted, conferred, who, grant, peer).build();
    return record(minted, conferred, event, besides);
  }

  private Result<Issued> record(Minted minted, Conferred conferred, Event event, Besides besides) {
    var leaf = audit.leaf(event);
    Result<Id.Entry> entry =
        database.inTransaction(tx -> besides.run(tx).map(same -> audit.append(same, leaf)));
    return entry.map(id -> new Issued(minted, conferred.authority(), id));
  }

  private static Event.Builder event(
      String type, Minted minted, Conferred conferred, Presenter who, String grant, String peer) {
    var authority = conferred.authority();
    var event =
        Event.about(type, minted.id())
            .by(who.principal())
            .reference("credential", who.credential())
            .word("grant", grant)
            .reference("subject", authority.subject())
            .references("actors", authority.actors())
            .word("audience", authority.audience())
            .scopes(authority.scopes())
            .references("delegations", authority.delegations())
            .reference("task", authority.task())
            .number("cut", authority.checked())
            .number("expiresAt", minted.expiresAt().getEpochSecond())
            .free("source", peer);
    if (authority.purpose() instanceof Stated.Purpose(var id, _)) {
      event.reference("purpose", id);
    }
    operands(event, conferred.arithmetic(), authority);
    return event;
  }

  /// The terms of the arithmetic in the order of the chain. A principal's term is named by its
  /// place, because a person's id may not stand in a leaf.
  private static void operands(Event.Builder event, Arithmetic arithmetic, Authority authority) {
    var terms = Json.object().put("asked", arithmetic.asked().toString());
    var chain = authority.chain().stream().map(Id::text).toList();
    for (var operand : arithmetic.operands()) {
      int place = chain.indexOf(operand.of());
      var name = place < 0 ? operand.of() : "principal " + place;
      switch (operand) {
        case Operand.Actions(_, var actions, _) -> terms.put(name, actions.toString());
        case Operand.HeldByResource _ -> terms.put(name, new Json.Null());
      }
    }
    event.value("operands", terms.build());
  }
}
