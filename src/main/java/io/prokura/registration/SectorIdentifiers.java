package io.prokura.registration;

import static io.prokura.kernel.Refusal.CLIENT_METADATA_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.clients.RedirectUri;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.outbound.Fetched;
import io.prokura.outbound.Outbound;
import java.util.List;
import java.util.Optional;

/// Checks that a client belongs to the sector it names: the document there lists all its redirect
/// URIs (OpenID Connect Dynamic Registration §5).
public final class SectorIdentifiers {
  private static final int DOCUMENT_MAX = 16 * 1024;

  private final Outbound outbound;
  private final JsonReader json;

  public SectorIdentifiers(Outbound outbound, JsonReader json) {
    this.outbound = outbound;
    this.json = json;
  }

  /// The metadata, when its sector holds; refuses `CLIENT_METADATA_INVALID`. Not to be called in a
  /// transaction.
  Result<ClientMetadata> checked(ClientMetadata metadata) {
    if (metadata.sectorIdentifierUri().isEmpty()) {
      return ok(metadata);
    }
    var document = document(metadata.sectorIdentifierUri().get());
    var listed =
        document instanceof Json.Arr array ? array.texts() : Optional.<List<String>>empty();
    boolean isWhole =
        listed.isPresent()
            && metadata.redirectUris().stream()
                .map(RedirectUri::text)
                .allMatch(listed.get()::contains);
    return isWhole
        ? ok(metadata)
        : refused(
            CLIENT_METADATA_INVALID,
            "sector_identifier_uri leads to no list that has all redirect_uris");
  }

  private Json document(String url) {
    return outbound.get(url, "application/json", DOCUMENT_MAX) instanceof Fetched.Answered answer
            && json.read(answer.text().getBytes(UTF_8)) instanceof Ok(var document)
        ? document
        : new Json.Null();
  }
}
