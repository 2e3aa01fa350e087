package io.prokura.authzen;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.decision.Search.Open;
import io.prokura.decision.Search.Position;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.World;
import io.prokura.seal.Seal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;

/// The tokens that lead from one page of a search to the next: where it goes on, sealed for the
/// caller that got it and for the very search, so that none can be read, made, lent or put to
/// another use. Good for ten minutes.
final class PageTokens {
  private static final Duration LIFETIME = Duration.ofMinutes(10);
  private static final String FOREIGN =
      "page.token is not one that you were given for this search; begin again without it";

  private final World world;
  private final Seal seal;
  private final JsonReader json;

  PageTokens(World world, Seal seal, JsonReader json) {
    this.world = world;
    this.seal = seal;
    this.json = json;
  }

  /// Where a search goes on, and how much its pages hold.
  record Place(Position position, long limit) {}

  /// The token for the page that begins at `place`.
  String next(Id.Principal caller, Open open, SearchRequest request, Place place) {
    var content =
        Json.object()
            .put("snapshot", place.position().snapshot())
            .put("after", place.position().after())
            .put("limit", place.limit())
            .put("until", world.now().plus(LIFETIME).toEpochMilli())
            .build();
    return seal.wrapToText(content.canonical(), binding(caller, open, request));
  }

  /// What a token says. Refuses `FIELD_INVALID`: for one that is changed, another caller's or for
  /// another search, for one that is too old, and for a `limit` that is not the one before.
  Result<Place> open(Id.Principal caller, Open open, SearchRequest request, String token) {
    var plain = seal.unwrapText(token, binding(caller, open, request));
    if (plain.isEmpty() || !(json.readObject(plain.get()) instanceof Ok(var content))) {
      return refused(FIELD_INVALID, FOREIGN);
    }
    if (world.now().toEpochMilli() >= content.number("until").orElse(0L)) {
      return refused(FIELD_INVALID, "page.token is too old; begin again without it");
    }
    long limit = content.number("limit").orElseThrow();
    if (request.limit().filter(asked -> asked != limit).isPresent()) {
      return refused(FIELD_INVALID, "page.limit is not that of the page before");
    }
    var position =
        new Position(content.text("snapshot").orElseThrow(), content.text("after").orElseThrow());
    return ok(new Place(position, limit));
  }

  private static byte[] binding(Id.Principal caller, Open open, SearchRequest request) {
    return ("search " + caller.text() + " " + hash(request.constant(open))).getBytes(UTF_8);
  }

  private static String hash(byte[] bytes) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("a JDK without SHA-256", e);
    }
  }
}
