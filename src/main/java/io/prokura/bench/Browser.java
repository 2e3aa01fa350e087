package io.prokura.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a person's browser does where nothing is measured: it keeps cookies, and sends the form on
/// the page with its hidden fields. It follows no redirect by itself.
final class Browser {
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");

  private final ApiClient api;
  private final Map<String, String> cookies = new TreeMap<>();
  private String page = "";

  /// A browser without cookies, at the server that `api` calls.
  Browser(ApiClient api) {
    this.api = api;
  }

  /// A browser without cookies at the server that `other` is at.
  Browser(Browser other) {
    this(other.api);
  }

  /// Opens a page, or gets the redirect that is in its place.
  HttpResponse<String> open(String path) {
    return keep(api.open(path, cookie()));
  }

  /// Sends the form on the page to `path`, with these fields besides the hidden ones.
  HttpResponse<String> submit(String path, Map<String, String> fields) {
    return keep(api.submit(path, cookie(), filled(fields)));
  }

  /// The form on the page as it is sent, with these fields besides the hidden ones.
  String filled(Map<String, String> fields) {
    var all = new LinkedHashMap<String, String>();
    HIDDEN.matcher(page).results().forEach(field -> all.put(field.group(1), field.group(2)));
    all.putAll(fields);
    return form(all);
  }

  /// What the first group of `pattern` is on the page.
  String found(Pattern pattern) {
    var matcher = pattern.matcher(page);
    if (!matcher.find()) {
      throw new BenchmarkFailure("no " + pattern + " in " + page);
    }
    return matcher.group(1);
  }

  /// The value of `Cookie` that it sends; empty when it has none.
  String cookie() {
    return cookies.entrySet().stream()
        .map(one -> one.getKey() + "=" + one.getValue())
        .collect(Collectors.joining("; "));
  }

  /// The parameters of a form or a query.
  static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  private HttpResponse<String> keep(HttpResponse<String> response) {
    for (var line : response.headers().allValues("Set-Cookie")) {
      var pair = line.substring(0, line.indexOf(';'));
      int at = pair.indexOf('=');
      if (line.contains("Max-Age=0")) {
        cookies.remove(pair.substring(0, at));
      } else {
        cookies.put(pair.substring(0, at), pair.substring(at + 1));
      }
    }
    page = response.body();
    return response;
  }
}
