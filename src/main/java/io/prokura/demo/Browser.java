package io.prokura.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A person's browser as far as the story needs one: it keeps cookies, follows redirects within the
/// server and sends the form that is shown, with its hidden fields.
final class Browser implements AutoCloseable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
  private static final int REDIRECTS_MAX = 8;
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_MAX).build();
  private final String server;
  private final Map<String, String> cookies = new TreeMap<>();
  private String shown = "";

  /// A browser that only goes to `server`.
  Browser(String server) {
    this.server = server;
  }

  /// Opens a page of the server; the page that is shown in the end.
  String open(String path) {
    return follow(HttpRequest.newBuilder(URI.create(server + path)).GET());
  }

  /// Sends the form that is shown to `path`, with these fields besides the hidden ones.
  String submit(String path, Map<String, String> fields) {
    var all = new LinkedHashMap<String, String>();
    HIDDEN.matcher(shown).results().forEach(found -> all.put(found.group(1), found.group(2)));
    all.putAll(fields);
    return follow(
        HttpRequest.newBuilder(URI.create(server + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encoded(all))));
  }

  /// Parameters as they stand in a query or a form.
  static String encoded(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  private String follow(HttpRequest.Builder first) {
    var response = keep(send(first));
    for (int i = 0; i < REDIRECTS_MAX && response.statusCode() == 303; i++) {
      var next = URI.create(server).resolve(response.headers().firstValue("Location").orElse("/"));
      response = keep(send(HttpRequest.newBuilder(next).GET()));
    }
    if (response.statusCode() != 200) {
      throw new StepFailed(response.uri().getPath() + " answers " + response.statusCode());
    }
    return shown;
  }

  private HttpResponse<String> keep(HttpResponse<String> response) {
    for (var line : response.headers().allValues("Set-Cookie")) {
      var pair = line.substring(0, line.indexOf(';'));
      int at = pair.indexOf('=');
      cookies.put(pair.substring(0, at), pair.substring(at + 1));
    }
    shown = response.body();
    return response;
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(one -> one.getKey() + "=" + one.getValue())
              .collect(Collectors.joining("; ")));
    }
    try {
      return http.send(request.timeout(ANSWER_MAX).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new StepFailed("the server does not answer a browser: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StepFailed("interrupted");
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
