package io.prokura.cli;

import io.prokura.json.Json;
import io.prokura.policy.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Sends a folder to a server as a draft, in as many requests as its size needs.
final class PolicyUpload {
  /// Bytes of JSON in one request; the server takes 64 KiB.
  private static final int ROOM = 48 * 1024;

  /// Characters of one part of a file. Escaped, each may take six bytes.
  private static final int PART = 7_000;

  /// How many parts a request may have.
  private static final int PARTS_MAX = 200;

  private final Remote remote;
  private final String drafts;
  private final String key;
  private int requests;

  PolicyUpload(Remote remote, String set, String key) {
    this.remote = remote;
    this.drafts = set + "/drafts";
    this.key = key;
  }

  /// A draft on the server and its version.
  record Sent(String id, String etag) {}

  /// The draft that holds exactly `files`, based on what the plan was made against.
  Sent draft(PolicyPlan plan, List<SourceFile> files, String note) {
    var body =
        Json.object()
            .put("base", plan.live())
            .put("note", note)
            .put("files", Json.array(List.of()))
            .build();
    var answer = remote.change("POST", drafts, body, next(), Map.of());
    var id = NounCommands.object(answer).text("id").orElse("");
    var etag = answer.etag();
    var batch = new ArrayList<Json>();
    int size = 0;
    for (var file : files) {
      for (int at = 0; at == 0 || at < file.text().length(); ) {
        int end = end(file.text(), at);
        var part =
            Json.object()
                .put("name", file.name())
                .put("text", file.text().substring(at, end))
                .build();
        int more = part.bytes().length + 1;
        if (size + more > ROOM || batch.size() == PARTS_MAX) {
          etag = append(id, etag, batch);
          batch.clear();
          size = 0;
        }
        batch.add(part);
        size += more;
        at = Math.max(end, 1);
      }
    }
    return new Sent(id, batch.isEmpty() ? etag : append(id, etag, batch));
  }

  /// Never between the halves of a character.
  private static int end(String text, int start) {
    int end = Math.min(text.length(), start + PART);
    return end < text.length() && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
  }

  private String append(String id, String etag, List<Json> parts) {
    var body = Json.object().put("append", Json.array(parts)).build();
    var path = drafts + "/" + id + "/files";
    return remote.change("POST", path, body, next(), Map.of("If-Match", etag)).etag();
  }

  private String next() {
    return key + "-" + ++requests;
  }
}
