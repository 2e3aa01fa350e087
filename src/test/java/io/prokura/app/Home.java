package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.authenticators.AuthenticatorApp;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import io.prokura.sql.TestDatabases;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/// A whole server whose clock a test moves, and Dana, its first administrator, signed in.
final class Home implements AutoCloseable {
  static final String PASSWORD = "seven green bicycles";
  static final String SESSION = "prokura-session";
  private static final Pattern KEY = Pattern.compile("class=\"key\">([A-Z2-7 ]+)<");
  private static final Pattern CODE = Pattern.compile("<li>([a-z2-7-]{19})</li>");

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

  /// Its clock stands still but for what the test lets pass.
  final World world = new World(now::get, new SecureRandom());

  final Database database;
  final Server server;
  final Browser browser;
  final List<String> recovery;
  AuthenticatorApp app;

  Home() {
    this(TestDatabases.sqlite());
  }

  Home(Database database) {
    this.database = database;
    var config = TestServer.config(TestDatabases.folder(), "http://localhost:8420", "");
    server = Server.start(world, database, config);
    browser = another();
    browser.open(setupPath());
    app = shownApp(browser);
    var fields =
        Map.of(
            "username",
            "dana",
            "name",
            "Dana",
            "password",
            PASSWORD,
            "again",
            PASSWORD,
            "shown",
            app.shows(world.now()));
    assertThat(browser.submit("/setup", fields).statusCode()).isEqualTo(200);
    recovery = codes(browser);
    pass(Duration.ofSeconds(60));
  }

  private String setupPath() {
    var link = server.setupLink().orElseThrow();
    return link.substring(link.indexOf("/setup"));
  }

  /// The app in which somebody has typed the key that a page shows.
  static AuthenticatorApp shownApp(Browser at) {
    var key = KEY.matcher(at.page());
    assertThat(key.find()).as(at.page()).isTrue();
    return new AuthenticatorApp(key.group(1));
  }

  /// The recovery codes that a page shows.
  static List<String> codes(Browser at) {
    return CODE.matcher(at.page()).results().map(one -> one.group(1)).toList();
  }

  Browser another() {
    return new Browser(server.port());
  }

  void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  /// Signs Dana in at a browser that nobody is signed in at; what her second factor is answered.
  HttpResponse<String> signIn(Browser from, String password, String code) {
    from.open("/login");
    var first = from.submit("/login", Map.of("username", "dana", "password", password));
    if (first.statusCode() != 303) {
      return first;
    }
    from.open(first.headers().firstValue("Location").orElseThrow());
    return from.submit("/login/second-factor", Map.of("code", code));
  }

  /// Dana at another browser, signed in with a code that was not used yet.
  Browser signedIn() {
    var from = another();
    pass(Duration.ofSeconds(60));
    assertThat(signIn(from, PASSWORD, app.shows(world.now())).statusCode()).isEqualTo(303);
    return from;
  }

  static boolean isSignedIn(Browser at) {
    return at.open("/me").statusCode() == 200;
  }

  /// How many entries of the record have this type.
  long entries(String type) {
    return leaves().stream().filter(one -> one.contains("\"type\":\"" + type + "\"")).count();
  }

  /// What the entries of the record say, the oldest first.
  List<String> leaves() {
    return database.read(
        tx ->
            tx.list(
                "SELECT leaf FROM entry ORDER BY seq",
                row -> new String(row.bytes(1), StandardCharsets.UTF_8)));
  }

  /// The fields of a form, of which the last ones given win.
  static Map<String, String> fields(String... pairs) {
    var fields = new HashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put(pairs[i], pairs[i + 1]);
    }
    return fields;
  }

  @Override
  public void close() {
    server.close();
  }
}
