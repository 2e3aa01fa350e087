package io.prokura.bench;

import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;

/// A person of the organisation with a browser in which they are signed in.
///
/// @param name the name they sign in with, whose password is [#PASSWORD]
record Person(String id, String name, Browser browser) {
  static final String PASSWORD = "seven green bicycles";
  private static final Pattern KEY = Pattern.compile("class=\"key\">([A-Z2-7 ]+)<");

  /// Sets up how the user `id` signs in, by a one-time link and the form behind it.
  static Person setUp(ApiClient api, String id, String name, World world) {
    var reason = Json.object().put("reason", "benchmark").build();
    var link = URI.create(ApiClient.text(api.manage("users/" + id + "/invite", reason), "link"));
    var browser = new Browser(api);
    browser.open(link.getRawPath() + "?" + link.getRawQuery());
    var app = new AuthenticatorApp(browser.found(KEY));
    var fields = Map.of("password", PASSWORD, "again", PASSWORD, "shown", app.shows(world.now()));
    var done = browser.submit(link.getRawPath(), fields);
    if (done.statusCode() != 200) {
      throw new BenchmarkFailure(
          "no sign-in set up: %d %s".formatted(done.statusCode(), done.body()));
    }
    return new Person(id, name, browser);
  }
}
