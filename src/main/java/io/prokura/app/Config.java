package io.prokura.app;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.keys.SigningKeys;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The configuration of one organisation's server. Every key may stand in the YAML file, in the
/// environment as `PROKURA_` and the key in upper case with underscores, or on the command line,
/// the later winning. `organisation` is an empty path where there is no folder.
public record Config(
    String issuer,
    String host,
    int port,
    Path data,
    String database,
    Path masterKeyFile,
    Path checkpointFile,
    Path organisation,
    String logOrigin,
    Duration signingKeyPeriod,
    Duration signingKeyLead,
    Duration freeTextRetention,
    int requestsMax) {

  /// Every key with what it is for, in the order of the documentation.
  static final Map<String, String> KEYS = keys();

  private static Map<String, String> keys() {
    var keys = new LinkedHashMap<String, String>();
    keys.put("issuer", "the URL this server is known by; http only on a loopback host");
    keys.put("host", "the address to listen on");
    keys.put("port", "the port to listen on; 0 takes a free one");
    keys.put("data", "the folder of the embedded database and the admin socket");
    keys.put("database", "a jdbc:postgresql:// URL; absent for the embedded database");
    keys.put("masterKeyFile", "the file of the master key, outside the data folder");
    keys.put("checkpointFile", "where the newest checkpoint is kept outside the database");
    keys.put("organisation", "the folder of the organisation's Cedar schema, policies, entities");
    keys.put("logOrigin", "the name of a new log");
    keys.put("signingKeyPeriod", "how long a signing key signs (ISO 8601 duration)");
    keys.put("signingKeyLead", "how long a signing key is published before it signs");
    keys.put("freeTextRetention", "how long free text and addresses in the record stay readable");
    keys.put("requestsMax", "how many requests may be in progress at once");
    return Collections.unmodifiableMap(keys);
  }

  /// The configuration in `file`, `environment` and `options`, over the defaults for a user with
  /// the home folder `home`. Refuses `FIELD_INVALID` for unknown keys and values that make no
  /// sense.
  static Result<Config> of(
      Json.Obj file, Map<String, String> environment, Map<String, String> options, Path home) {
    var values = new TreeMap<String, String>();
    for (var member : file.members().entrySet()) {
      if (!KEYS.containsKey(member.getKey())) {
        return refused(FIELD_INVALID, "unknown configuration key: " + member.getKey());
      }
      switch (member.getValue()) {
        case Json.Str(var text) -> values.put(member.getKey(), text);
        case Json.Whole(var number) -> values.put(member.getKey(), String.valueOf(number));
        default -> {
          return refused(FIELD_INVALID, member.getKey() + " is a text or a whole number");
        }
      }
    }
    var known = Set.copyOf(KEYS.keySet().stream().map(Config::variable).toList());
    for (var variable : environment.entrySet()) {
      if (variable.getKey().startsWith("PROKURA_")
          && !known.contains(variable.getKey())
          && !variable.getKey().equals("PROKURA_TOKEN")
          && !variable.getKey().equals("PROKURA_SERVER")) {
        return refused(FIELD_INVALID, "unknown environment variable: " + variable.getKey());
      }
    }
    for (var key : KEYS.keySet()) {
      var value = environment.get(variable(key));
      if (value != null) {
        values.put(key, value);
      }
    }
    values.putAll(options);
    return read(values, environment, home);
  }

  /// `masterKeyFile` as `PROKURA_MASTER_KEY_FILE`.
  private static String variable(String key) {
    return "PROKURA_" + key.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  private static Result<Config> read(
      Map<String, String> values, Map<String, String> environment, Path home) {
    try {
      int port = Integer.parseInt(values.getOrDefault("port", "8420"));
      var issuer = values.getOrDefault("issuer", "http://localhost:" + port);
      var uri = new URI(issuer);
      if (!isIssuer(uri)) {
        return refused(
            FIELD_INVALID,
            "issuer is an https URL without path, query and fragment; http only on loopback");
      }
      if (port < 0 || port > 65_535) {
        return refused(FIELD_INVALID, "port lies between 0 and 65535");
      }
      var database = values.getOrDefault("database", "");
      if (!database.isEmpty() && !database.startsWith("jdbc:postgresql:")) {
        return refused(FIELD_INVALID, "database is a jdbc:postgresql:// URL");
      }
      var data =
          Path.of(
              values.getOrDefault(
                  "data", folder(environment, "XDG_DATA_HOME", home, ".local/share")));
      var state = folder(environment, "XDG_STATE_HOME", home, ".local/state");
      var secrets = folder(environment, "XDG_CONFIG_HOME", home, ".config");
      return ok(
          new Config(
              issuer,
              values.getOrDefault("host", "127.0.0.1"),
              port,
              data,
              database,
              Path.of(values.getOrDefault("masterKeyFile", secrets + "/master.key")),
              Path.of(values.getOrDefault("checkpointFile", state + "/checkpoint")),
              Path.of(values.getOrDefault("organisation", "")),
              values.getOrDefault("logOrigin", uri.getAuthority() + "/log"),
              Duration.parse(values.getOrDefault("signingKeyPeriod", "P30D")),
              Duration.parse(values.getOrDefault("signingKeyLead", "PT1H")),
              Duration.parse(values.getOrDefault("freeTextRetention", "P30D")),
              Integer.parseInt(values.getOrDefault("requestsMax", "512"))));
    } catch (NumberFormatException | DateTimeException | URISyntaxException e) {
      return refused(FIELD_INVALID, "configuration value not understood: " + e.getMessage());
    }
  }

  private static String folder(
      Map<String, String> environment, String variable, Path home, String otherwise) {
    var base = environment.getOrDefault(variable, home.resolve(otherwise).toString());
    return base + "/prokura";
  }

  private static boolean isIssuer(URI uri) {
    var host = uri.getHost();
    boolean plain =
        host != null
            && (uri.getRawPath() == null || uri.getRawPath().isEmpty())
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null
            && uri.getRawUserInfo() == null;
    if (!plain) {
      return false;
    }
    boolean loopback = host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    return "https".equals(uri.getScheme()) || (loopback && "http".equals(uri.getScheme()));
  }

  /// When signing keys follow each other. A key lingers until every token it signed has expired.
  SigningKeys.KeyTimes keyTimes(Limits limits) {
    return new SigningKeys.KeyTimes(
        signingKeyPeriod, signingKeyLead, limits.accessTokenLifetime().plus(signingKeyLead));
  }

  /// The identifier of the management API as a resource of its own.
  public String managementApi() {
    return issuer + "/api/v1";
  }

  /// The identifier of the decision point as a resource of its own.
  public String decisionApi() {
    return issuer + "/access/v1";
  }
}
