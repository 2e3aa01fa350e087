package io.prokura.audit;

import static io.prokura.kernel.Refusal.NOT_FOUND;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.http.Problem;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Refused;
import io.prokura.management.Caller;
import io.prokura.sql.Database;
import io.prokura.tlog.Bundle;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.Tile;

/// The log as C2SP tlog-tiles serves it: the checkpoint, hash tiles and entry bundles. Nothing
/// beyond the published checkpoint is ever shown.
public final class LogEndpoint {
  private static final String IMMUTABLE = "public, max-age=31536000, immutable";

  private final Database database;
  private final Sequencer sequencer;

  public LogEndpoint(Database database, Sequencer sequencer) {
    this.database = database;
    this.sequencer = sequencer;
  }

  /// The newest signed checkpoint; not found before the first entry.
  public Response checkpoint(Request request) {
    var published = sequencer.newest();
    return published.note().isEmpty()
        ? missing(request, "the log has no entry yet")
        : Response.bytes(200, "text/plain; charset=utf-8", published.note().getBytes(UTF_8));
  }

  public Response tile(Request request) {
    try {
      var tile = Tile.parse("tile/" + request.pathParameter("path"));
      if (!isPublished(tile.level(), tile.index(), tile.width())) {
        return missing(request, "the tile is not part of the published tree");
      }
      return sequencer
          .tile(tile)
          .map(bytes -> Response.bytes(200, "application/octet-stream", bytes).cacheable(IMMUTABLE))
          .orElseGet(() -> missing(request, "no such tile"));
    } catch (InvalidException e) {
      return missing(request, "not a tile's path");
    }
  }

  /// The leaves themselves; for callers who may read the record.
  public Result<Response> entries(Caller caller, Request request) {
    try {
      var bundle = Bundle.parse("tile/entries/" + request.pathParameter("path"));
      if (!isPublished(0, bundle.index(), bundle.width())) {
        return refused(NOT_FOUND, "the entries are not part of the published tree");
      }
      var leaves =
          database.read(
              tx -> PlaceStore.leaves(tx, bundle.start(), bundle.start() + bundle.width()));
      return ok(Response.bytes(200, "application/octet-stream", Bundle.encode(leaves)));
    } catch (InvalidException e) {
      return refused(NOT_FOUND, "not an entry bundle's path");
    }
  }

  private boolean isPublished(int level, long index, int width) {
    long complete = sequencer.published().head().size() >>> Math.min(8 * level, 63);
    return index <= complete / Tile.FULL && index * Tile.FULL + width <= complete;
  }

  private static Response missing(Request request, String detail) {
    return Problem.response(request, new Refused<>(NOT_FOUND, detail));
  }
}
