package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.cli.HttpCaller;
import io.prokura.cli.LogCopy;
import io.prokura.cli.ReceiptCheck;
import io.prokura.json.Json;
import io.prokura.sql.TestDatabases;
import io.prokura.tlog.InvalidException;
import io.prokura.tlog.LogDirectory;
import io.prokura.tlog.LogPolicy;
import io.prokura.tlog.LogVerifier;
import io.prokura.tlog.NoteVerifier;
import io.prokura.tlog.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.util.Collection;
import java.util.Optional;

/// Checks the record from outside, with nothing but the log's key as it was at the beginning.
final class Auditor {
  private final NoteVerifier key;
  private volatile byte[] checkpoint = {};

  /// Gets to know the log of `server` by the receipt of the entry or thing `id`.
  Auditor(TestServer server, String id) {
    try {
      key = NoteVerifier.parse(receipt(server, server.operatorToken(), id).text("vkey").get());
    } catch (InvalidException e) {
      throw new AssertionError("not a key", e);
    }
  }

  /// The receipt of an entry, once it has its place in the tree.
  private static Json.Obj receipt(TestServer server, String token, String id) {
    var path = "/api/v1/audit/" + id + "/receipt";
    return Eventually.get(
        "a receipt of " + id,
        () -> {
          var response = server.get(path, token);
          assertThat(response.statusCode()).as(id + ": " + response.body()).isEqualTo(200);
          var receipt = server.object(response.body());
          return receipt.text("status").equals(Optional.of("integrated"))
              ? Optional.of(receipt)
              : Optional.empty();
        });
  }

  /// Has every one of these entries, or things that entries are about, proven to be in the log.
  void findsAll(TestServer server, Collection<String> ids) {
    var token = server.operatorToken();
    for (var id : ids) {
      var receipt = receipt(server, token, id);
      var finding = ReceiptCheck.check(receipt.bytes(), key);
      assertThat(finding).as(id).isInstanceOf(ReceiptCheck.Finding.Proven.class);
      var leaf = ((ReceiptCheck.Finding.Proven) finding).leaf();
      assertThat(Optional.of(id)).isIn(leaf.text("id"), leaf.text("about"));
    }
  }

  /// Remembers the checkpoint that the server publishes now.
  void keepsCheckpoint(TestServer server) {
    var response = server.send(HttpRequest.newBuilder(server.uri("/log/checkpoint")));
    assertThat(response.statusCode()).isEqualTo(200);
    checkpoint = response.body().getBytes(UTF_8);
  }

  /// How many entries are in the log that the server publishes now.
  static long logSize(TestServer server) {
    var response = server.send(HttpRequest.newBuilder(server.uri("/log/checkpoint")));
    return response.statusCode() == 200
        ? Long.parseLong(response.body().lines().skip(1).findFirst().orElseThrow())
        : 0;
  }

  /// Copies the whole log and verifies it, and that it goes on from the checkpoint kept last.
  void findsLogIntact(TestServer server) {
    var folder = TestDatabases.folder();
    try (var http = new HttpCaller()) {
      var copy = new LogCopy(http, server.uri("/log"), server.operatorToken(), folder);
      Files.write(folder.resolve("checkpoint"), copy.fetch(key));
      var log = new LogDirectory(folder);
      var verdict =
          checkpoint.length == 0
              ? LogVerifier.verify(log, key)
              : LogVerifier.verify(log, LogPolicy.of(key), checkpoint);
      assertThat(verdict).isInstanceOf(Verdict.Intact.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
