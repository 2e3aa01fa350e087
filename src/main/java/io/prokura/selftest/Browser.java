package io.prokura.selftest;

import io.prokura.kernel.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The browser of a throw-away person, as far as pages of forms need one: it keeps cookies and the
/// page it shows, and follows nothing by itself.
final class Browser {
  private static final int PASSWORD_BYTES = 16;
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">");
  private static final Pattern KEY = Pattern.compile("class=\"key\">([A-Z2-7 ]+)<");

  private final Wire wire;
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private Reply page = new Reply(204, List.of(), "");

  private Browser(Wire wire) {
    this.wire = wire;
  }

  /// The browser that a request came from.
  Browser(Wire wire, Sent sent) {
    this(wire);
    sent.headers().stream()
        .filter(header -> header.name().equals("Cookie"))
        .flatMap(header -> Arrays.stream(header.value().split("; ")))
        .forEach(this::keep);
  }

  /// The browser of whoever comes by a link that invites them (`…/setup?code=…`): they choose a
  /// password, set up a second factor and are signed in by that. Throws [Unclear] where they are
  /// not.
  static Browser invited(World world, Wire wire, String link) {
    var browser = new Browser(wire);
    var password = HexFormat.of().formatHex(world.bytes(PASSWORD_BYTES));
    Scene.good(browser.open(link.substring(Math.max(0, link.indexOf("/setup")))));
    var key = KEY.matcher(browser.page.body());
    if (!key.find()) {
      throw new Unclear("the page of an invitation shows no key");
    }
    var shown = new AuthenticatorApp(key.group(1)).shown(world.now());
    Scene.good(browser.submit("/setup", "password", password, "again", password, "shown", shown));
    Scene.good(browser.open("/me"));
    return browser;
  }

  /// Goes to a path.
  Reply open(String target) {
    return show(Sent.get(target));
  }

  /// Sends the form on the page: its hidden fields and these.
  Reply submit(String target, String... pairs) {
    return show(form(target, pairs));
  }

  /// That form before it is sent, without the cookies.
  Sent form(String target, String... pairs) {
    var all = new ArrayList<String>();
    HIDDEN
        .matcher(page.body())
        .results()
        .forEach(field -> all.addAll(List.of(field.group(1), unescaped(field.group(2)))));
    return Sent.form(target, Scene.joined(all, pairs));
  }

  /// Sends a request with the cookies of this browser, which shows what comes back.
  Reply show(Sent sent) {
    page = wire.send(cookies.isEmpty() ? sent : sent.with("Cookie", cookies()));
    for (var line : page.all("Set-Cookie")) {
      keep(line.split(";", 2)[0]);
    }
    return page;
  }

  private void keep(String cookie) {
    var pair = cookie.split("=", 2);
    if (pair.length == 2) {
      cookies.put(pair[0], pair[1]);
    }
  }

  private String cookies() {
    return String.join(
        "; ", cookies.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue()).toList());
  }

  private static String unescaped(String text) {
    return text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }
}
