package io.prokura.tokens;

import io.prokura.json.Json;
import io.prokura.kernel.Id;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a transaction token tells beside an authority (draft-ietf-oauth-transaction-tokens §9.2):
/// where it is good, which transaction it is about, the workloads that asked for it and for those
/// it replaces, the first one first, and what they said of the request and of its details. `first`
/// is the id of the transaction's first token, by which the transaction is known; nothing while
/// that is not signed yet.
public record Transaction(
    String trustDomain,
    Optional<Id.Token> first,
    List<Id.Workload> requesters,
    Json.Obj request,
    Json.Obj details) {
  private static final String BETWEEN = ",";

  public Transaction {
    requesters = List.copyOf(requesters);
  }

  /// The transaction in a token of ours.
  public static Transaction of(VerifiedToken token) {
    var claims = token.claims();
    var requesters = claims.text("req_wl").orElseThrow().split(BETWEEN, -1);
    return new Transaction(
        claims.text("aud").orElseThrow(),
        claims.text("txn").flatMap(Id.Token::parse),
        List.of(requesters).stream().map(Id.Workload::new).toList(),
        claims.object("rctx").orElse(Json.Obj.EMPTY),
        claims.object("tctx").orElse(Json.Obj.EMPTY));
  }

  /// The same transaction, in which `requester` asks for a token again and has said this by now.
  public Transaction then(Id.Workload requester, Json.Obj request, Json.Obj details) {
    var all = new ArrayList<>(requesters);
    all.add(requester);
    return new Transaction(trustDomain, first, all, request, details);
  }

  /// Its claims in the token with this id.
  void write(Json.Builder claims, Id.Token id) {
    claims
        .put("aud", trustDomain)
        .put("txn", first.orElse(id).text())
        .put("req_wl", String.join(BETWEEN, requesters.stream().map(Id::text).toList()));
    if (!request.members().isEmpty()) {
      claims.put("rctx", request);
    }
    if (!details.members().isEmpty()) {
      claims.put("tctx", details);
    }
  }
}
