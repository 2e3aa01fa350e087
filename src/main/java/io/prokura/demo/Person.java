package io.prokura.demo;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Somebody at a browser, with a password and an authenticator app, who reads what they are asked.
final class Person implements AutoCloseable {
  private static final Pattern KEY = Pattern.compile("class=\"key\">([A-Z2-7 ]+)<");
  private static final Pattern CODE = Pattern.compile("[?&]code=([A-Za-z0-9_-]+)");
  private static final String BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String PASSWORD = "a quiet harbour at dawn";
  private static final long STEP_SECONDS = 30;
  private static final int DIGITS = 1_000_000;

  private final Browser browser;

  Person(String server) {
    browser = new Browser(server);
  }

  /// Follows the link of an invitation, given as a path, chooses how to sign in, and is signed in.
  void setUp(String path, Instant now) {
    var key = KEY.matcher(browser.open(path));
    if (!key.find()) {
      throw new StepFailed("the invitation shows no key for an authenticator app");
    }
    var fields = Map.of("password", PASSWORD, "again", PASSWORD, "shown", shown(key.group(1), now));
    browser.submit("/setup", fields);
  }

  /// What the authenticator app shows for a key at that time (RFC 6238).
  private static String shown(String key, Instant at) {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(decoded(key.replace(" ", "")), "HmacSHA1"));
      long step = at.getEpochSecond() / STEP_SECONDS;
      var hash = ByteBuffer.wrap(mac.doFinal(ByteBuffer.allocate(8).putLong(step).array()));
      int offset = hash.get(hash.limit() - 1) & 0xf;
      return "%06d".formatted((hash.getInt(offset) & 0x7fffffff) % DIGITS);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] decoded(String text) {
    var bytes = ByteBuffer.allocate(text.length() * 5 / 8);
    int bits = 0;
    int held = 0;
    for (int i = 0; i < text.length(); i++) {
      held = held << 5 | BASE_32.indexOf(text.charAt(i));
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes.put((byte) (held >> bits));
        held &= (1 << bits) - 1;
      }
    }
    return bytes.array();
  }

  /// Goes where an application sends them; the page that asks.
  String asked(Map<String, String> request) {
    return browser.open("/oauth2/authorize?" + Browser.encoded(request));
  }

  /// Allows an action for an hour; the code that the application is sent.
  String allow(String action) {
    var page = browser.submit("/consent", allowing(action));
    var code = CODE.matcher(page.replace("&amp;", "&"));
    if (!code.find()) {
      throw new StepFailed("the page leads to no code");
    }
    return code.group(1);
  }

  private static Map<String, String> allowing(String action) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("scope", action);
    fields.put("lasts", "hour");
    fields.put("depth", "1");
    fields.put("decision", "allow");
    return fields;
  }

  /// Opens the request that waits at their own page; nothing where none does.
  Optional<String> waiting() {
    return paths("/me/requests/").stream().findFirst().map(browser::open);
  }

  /// Allows an action to whoever asked with the request that is shown.
  void allowWaiting(String action) {
    var path = paths("/me/requests/").getFirst();
    browser.open(path);
    browser.submit(path, allowing(action));
  }

  /// Withdraws what they allowed first.
  void withdraw() {
    var path = paths("/me/consents/").getFirst();
    browser.submit(path, Map.of());
  }

  /// The addresses at their own page that begin with this.
  private List<String> paths(String beginning) {
    var pattern = Pattern.compile("\"(" + Pattern.quote(beginning) + "[^\"]+)\"");
    return pattern.matcher(browser.open("/me")).results().map(one -> one.group(1)).toList();
  }

  @Override
  public void close() {
    browser.close();
  }
}
