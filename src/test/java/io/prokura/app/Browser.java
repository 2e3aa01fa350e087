package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a person's browser does with the pages, as far as tests need it: it keeps cookies, and
/// sends a form with its hidden fields. It follows nothing by itself.
final class Browser {
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");

  private final HttpClient http = HttpClient.newHttpClient();
  private final String server;
  final Map<String, String> cookies = new TreeMap<>();
  final Map<String, String> headers = new TreeMap<>();
  private String shown = "";

  Browser(int port) {
    server = "http://127.0.0.1:" + port;
  }

  HttpResponse<String> open(String path) {
    return keep(send(request(path).GET()));
  }

  /// Sends the form that is shown to `path`, with these fields besides the hidden ones.
  HttpResponse<String> submit(String path, Map<String, String> fields) {
    var all = new LinkedHashMap<>(hidden());
    all.putAll(fields);
    return post(path, encoded(all));
  }

  HttpResponse<String> post(String path, String form) {
    return keep(
        send(
            request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form))));
  }

  Map<String, String> hidden() {
    return HIDDEN
        .matcher(shown)
        .results()
        .collect(
            Collectors.toMap(m -> m.group(1), m -> m.group(2), (a, _) -> a, LinkedHashMap::new));
  }

  String page() {
    return shown;
  }

  static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(URI.create(server + path));
    headers.forEach(request::header);
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(one -> one.getKey() + "=" + one.getValue())
              .collect(Collectors.joining("; ")));
    }
    return request;
  }

  private HttpResponse<String> keep(HttpResponse<String> response) {
    for (var line : response.headers().allValues("Set-Cookie")) {
      var pair = line.substring(0, line.indexOf(';'));
      var name = pair.substring(0, pair.indexOf('='));
      if (line.contains("Max-Age=0")) {
        cookies.remove(name);
      } else {
        cookies.put(name, pair.substring(name.length() + 1));
      }
    }
    shown = response.body();
    return response;
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
