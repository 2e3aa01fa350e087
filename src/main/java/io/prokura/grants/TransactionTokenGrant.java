package io.prokura.grants;

import static io.prokura.kernel.Refusal.CHAIN_TOO_DEEP;
import static io.prokura.kernel.Refusal.CLIENT_NOT_ALLOWED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.RESOURCE_UNKNOWN;
import static io.prokura.kernel.Refusal.SUBJECT_TOKEN_INVALID;
import static io.prokura.kernel.Result.refused;

import io.prokura.clients.AuthenticatedClient;
import io.prokura.decision.Pdp;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Presenter;
import io.prokura.directory.Directory;
import io.prokura.http.Form;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.tokens.Issuance;
import io.prokura.tokens.Issuance.Issued;
import io.prokura.tokens.Tokens;
import io.prokura.tokens.Transaction;
import io.prokura.tokens.VerifiedToken;
import java.util.List;
import java.util.Optional;

/// Gives a workload a transaction token: what it was asked to do, for whom and by whom, for the
/// workloads behind it to rely on (draft-ietf-oauth-transaction-tokens §11). It begins with an
/// access token that the workload was sent, or replaces one that is still good. Nobody new acts by
/// it: who asks is told in `req_wl`, and the chain stays as it is.
///
/// Only a workload that is registered for it gets one. It is for no more than the scope of what it
/// is made from, and for no longer; and it is no access token anywhere.
public final class TransactionTokenGrant {
  private static final String WORD = "transaction";
  private static final int REQUESTERS_MAX = 8;

  private final String trustDomain;
  private final Limits limits;
  private final JsonReader reader;
  private final Directory directory;
  private final Presenters presenters;
  private final Tokens tokens;
  private final SentTokens sent;
  private final Authorities authorities;
  private final PermittedTokens permitted;

  /// `trustDomain` is the name of the workloads' domain, empty where there are no such tokens.
  public TransactionTokenGrant(
      String trustDomain,
      Limits limits,
      JsonReader reader,
      Directory directory,
      Presenters presenters,
      Tokens tokens,
      SentTokens sent,
      Authorities authorities,
      Pdp pdp,
      Issuance issuance) {
    this.trustDomain = trustDomain;
    this.limits = limits;
    this.reader = reader;
    this.directory = directory;
    this.presenters = presenters;
    this.tokens = tokens;
    this.sent = sent;
    this.authorities = authorities;
    permitted = new PermittedTokens(pdp, issuance);
  }

  Result<Issued> issue(AuthenticatedClient client, Form form, String peer) {
    if (trustDomain.isEmpty()) {
      return refused(MALFORMED_REQUEST, "requested_token_type is not supported");
    }
    var requester = client.principal().flatMap(directory::transacting);
    if (requester.isEmpty()) {
      return refused(CLIENT_NOT_ALLOWED, "the client is not registered for transaction tokens");
    }
    var parsed = TransactionRequest.parse(form, limits, reader);
    if (!(parsed instanceof Ok(var request))) {
      return parsed.refusal();
    }
    if (!request.audience().equals(trustDomain)) {
      return refused(RESOURCE_UNKNOWN, "audience is not the trust domain of this server");
    }
    var who = presenters.of(requester.get(), client);
    return switch (request.subject()) {
      case ACCESS_TOKEN -> begin(who, requester.get(), request, peer);
      case TRANSACTION_TOKEN -> replace(who, requester.get(), request, peer);
    };
  }

  private Result<Issued> begin(
      Presenter who, Id.Workload requester, TransactionRequest request, String peer) {
    var received = sent.to(who, request.token());
    if (!(received instanceof Ok(var token))) {
      return received.refusal();
    }
    var said = request.said();
    var transaction =
        new Transaction(
            trustDomain, Optional.empty(), List.of(requester), said.request(), said.details());
    return issue(who, token, transaction, request, peer);
  }

  /// What is replaced stays good: whoever has it may already be at work with it.
  private Result<Issued> replace(
      Presenter who, Id.Workload requester, TransactionRequest request, String peer) {
    var verified = tokens.verifyTransaction(request.token(), SUBJECT_TOKEN_INVALID);
    if (!(verified instanceof Ok(var token))) {
      return verified.refusal();
    }
    var before = Transaction.of(token);
    if (!before.trustDomain().equals(trustDomain)) {
      return refused(SUBJECT_TOKEN_INVALID, "the token is for another trust domain");
    }
    if (before.requesters().size() == REQUESTERS_MAX) {
      return refused(
          CHAIN_TOO_DEEP, "a transaction has at most %d tokens in a row".formatted(REQUESTERS_MAX));
    }
    var added = Circumstances.added(before.request(), before.details(), request.said());
    return added instanceof Ok(var said)
        ? issue(who, token, before.then(requester, said.request(), said.details()), request, peer)
        : added.refusal();
  }

  private Result<Issued> issue(
      Presenter who,
      VerifiedToken token,
      Transaction transaction,
      TransactionRequest request,
      String peer) {
    var told = authorities.told(who, token.authority(), request.wanted());
    return permitted.transaction(told, who, transaction, WORD, peer);
  }
}
