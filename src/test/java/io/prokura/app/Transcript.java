package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A request written as one reads it on the wire, and the answer it got. Names in angle brackets
/// stand for the ids of a company's things and for tokens, in the answer too, so that a transcript
/// is the same every time.
final class Transcript {
  /// The headers that say something about a refusal.
  private static final List<String> SHOWN =
      List.of(
          "Allow", "Cache-Control", "Content-Type", "Location", "Retry-After", "WWW-Authenticate");

  private final Company company;
  private final Map<String, String> tokens = new TreeMap<>();

  Transcript(Company company) {
    this.company = company;
    named("operator", company.token);
  }

  /// Has `<name>` stand for a token.
  Transcript named(String name, String token) {
    tokens.put(name, token);
    return this;
  }

  /// Sends `text`: the request line, headers, and after an empty line the body. `Basic <name>` is
  /// the holder of a secret.
  String of(String text) {
    int end = text.indexOf("\n\n");
    var head = (end < 0 ? text : text.substring(0, end)).strip().lines().toList();
    var body = end < 0 ? "" : text.substring(end + 2).strip();
    var line = head.getFirst().split(" ", 2);
    var request = HttpRequest.newBuilder(URI.create(company.server.uri("") + filled(line[1])));
    head.stream().skip(1).forEach(header -> add(request, header));
    var bytes = filled(joined(body)).getBytes(UTF_8);
    var sent = request.method(line[0], BodyPublishers.ofByteArray(bytes));
    var response = company.server.send(sent);
    var shown = body.isEmpty() ? "" : "\n\n" + body.replaceAll("(.)\\1{99,}", "$1…");
    return String.join("\n", head) + shown + "\n\n" + shown(response);
  }

  /// A form may be written over several lines.
  private static String joined(String body) {
    return body.startsWith("{")
        ? body
        : body.lines().map(String::strip).collect(Collectors.joining());
  }

  private void add(HttpRequest.Builder request, String header) {
    int colon = header.indexOf(':');
    var value = header.substring(colon + 1).strip();
    request.header(
        header.substring(0, colon),
        value.startsWith("Basic <")
            ? basic(value.substring(7, value.length() - 1))
            : filled(value));
  }

  private String basic(String holder) {
    var pair = company.id(holder) + ":" + company.secret(holder);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
  }

  /// `text` with ids and tokens for their names.
  String filled(String text) {
    var filled = company.filled(text);
    for (var token : tokens.entrySet()) {
      filled = filled.replace("<" + token.getKey() + ">", token.getValue());
    }
    return filled;
  }

  private String shown(HttpResponse<String> response) {
    var lines = new ArrayList<String>(List.of("HTTP/1.1 " + response.statusCode()));
    for (var name : SHOWN) {
      for (var value : response.headers().allValues(name)) {
        lines.add(name + ": " + masked(value));
      }
    }
    lines.add("");
    lines.add(masked(content(response.body())));
    return String.join("\n", lines).strip() + "\n";
  }

  /// What a page says, without what all pages have.
  private static String content(String body) {
    int start = body.indexOf("<h1>");
    return start < 0 ? body : body.substring(start, body.indexOf("</main>")).strip();
  }

  private String masked(String text) {
    var masked = text;
    for (var token : tokens.entrySet()) {
      masked = masked.replace(token.getValue(), "<" + token.getKey() + ">");
    }
    for (var id : company.ids().entrySet()) {
      masked = masked.replace(id.getValue(), "<" + id.getKey() + ">");
    }
    return masked
        .replaceAll("\"request_id\":\"[0-9a-f]{32}\"", "\"request_id\":\"<request>\"")
        .replaceAll("\\b([a-z]{3})_[0-9a-z]{26}\\b", "<$1>")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "<time>");
  }
}
