package io.prokura.app;

import static io.prokura.kernel.Refusal.FIELD_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.json.Json;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.keys.SigningKeys;
import io.prokura.policy.Publishing;
import io.prokura.registration.RegistrationPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
    Publishing.Review policyReview,
    String logOrigin,
    Duration signingKeyPeriod,
    Duration signingKeyLead,
    Duration freeTextRetention,
    Duration sessionIdle,
    Duration sessionLifetime,
    int requestsMax,
    boolean dpopNonceRequired,
    boolean requestObjects,
    String trustDomain,
    Transport transport,
    RegistrationPolicy registration,
    boolean clientDocuments,
    boolean asgardeo) {

  static final String MANAGEMENT_API = "/api/v1";
  static final String DECISION_API = "/access/v1";
  static final String USERINFO = "/oauth2/userinfo";

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
    keys.put("policyReview", "who may publish a draft: anyone who may publish, or second-person");
    keys.put("logOrigin", "the name of a new log");
    keys.put("signingKeyPeriod", "how long a signing key signs (ISO 8601 duration)");
    keys.put("signingKeyLead", "how long a signing key is published before it signs");
    keys.put("freeTextRetention", "how long free text and addresses in the record stay readable");
    keys.put("sessionIdle", "how long a person's session lasts unused");
    keys.put("sessionLifetime", "how long a person's session lasts however much it is used");
    keys.put("requestsMax", "how many requests run at once, besides those always admitted");
    keys.put("dpopNonceRequired", "true when a DPoP proof for a token needs a nonce of ours");
    keys.put("requestObjects", "true when signed authorization requests are taken (RFC 9101)");
    keys.put("trustDomain", "the name of the domain that transaction tokens are good in");
    keys.put("tlsCert", "the PEM file with the server's certificate and the chain behind it");
    keys.put("tlsKey", "the PEM file with its key (PKCS #8)");
    keys.put("tlsDev", "true for TLS with a self-signed certificate for this machine only");
    keys.put("proxies", "addresses and networks of proxies that may name their clients, by commas");
    keys.put("certificatePort", "a port where alone clients are asked for certificates");
    keys.put("certificateUrl", "the URL for clients with certificates, where that is another");
    keys.put("clientAuthorities", "the PEM file of the authorities that certify clients by name");
    keys.put("registration", "who may register itself as an application: off, token or open");
    keys.put("clientDocuments", "false when no client is known by a document at a URL");
    keys.put("asgardeo", "true when agents may also talk to it as to WSO2 Asgardeo");
    return Collections.unmodifiableMap(keys);
  }

  private static final int REQUESTS_MAX = 100_000;

  /// A name for a log in a signed note (C2SP signed-note); a name once given stays for good.
  private static final Pattern ORIGIN = Pattern.compile("[!-~&&[^+]]{1,200}");

  /// The name of a trust domain (SPIFFE-ID §2.1).
  private static final Pattern TRUST_DOMAIN = Pattern.compile("[a-z0-9._-]{1,255}");

  /// The configuration in `file`, `environment` and `options`, over the defaults for a user with
  /// the home folder `home`. An empty value counts as absent. Refuses `FIELD_INVALID` for unknown
  /// keys and values that make no sense.
  static Result<Config> of(
      Json.Obj file, Map<String, String> environment, Map<String, String> options, Path home) {
    var values = new TreeMap<String, String>();
    for (var member : file.members().entrySet()) {
      if (!KEYS.containsKey(member.getKey())) {
        return refused(FIELD_INVALID, "unknown configuration key: " + member.getKey());
      }
      switch (member.getValue()) {
        case Json.Str(var text) -> values.put(member.getKey(), text);
        case Json.Bool(var flag) -> values.put(member.getKey(), String.valueOf(flag));
        case Json.Whole(var number) -> values.put(member.getKey(), String.valueOf(number));
        default -> {
          return refused(
              FIELD_INVALID, member.getKey() + " is a text, a whole number, true or false");
        }
      }
    }
    var known = Set.copyOf(KEYS.keySet().stream().map(Config::variable).toList());
    for (var variable : environment.entrySet()) {
      if (variable.getKey().startsWith("PROKURA_")
          && !known.contains(variable.getKey())
          && !variable.getKey().equals("PROKURA_TOKEN")
          && !variable.getKey().equals("PROKURA_SERVER")
          && !variable.getKey().equals("PROKURA_TRUST")) {
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
    values.values().removeIf(String::isEmpty);
    try {
      return ok(read(new Settings(values), environment, home));
    } catch (Settings.Nonsense e) {
      return refused(FIELD_INVALID, String.valueOf(e.getMessage()));
    }
  }

  /// `masterKeyFile` as `PROKURA_MASTER_KEY_FILE`.
  private static String variable(String key) {
    return "PROKURA_" + key.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  private static Config read(Settings values, Map<String, String> environment, Path home) {
    int port = values.port("port", 8420);
    if (port == 0 && !values.has("issuer")) {
      throw new Settings.Nonsense("port 0 needs an issuer: nobody can know the port beforehand");
    }
    boolean isSecure = Transport.isSecure(values);
    var scheme = isSecure ? "https" : "http";
    var issuer = values.text("issuer", scheme + "://localhost:" + port);
    if (isSecure && !issuer.startsWith("https:")) {
      throw new Settings.Nonsense("issuer is an https URL where there is TLS");
    }
    var authority = Settings.base("issuer", issuer).getAuthority();
    var data = folder(environment, "XDG_DATA_HOME", home, ".local/share");
    var state = folder(environment, "XDG_STATE_HOME", home, ".local/state");
    var secrets = folder(environment, "XDG_CONFIG_HOME", home, ".config");
    var period = values.duration("signingKeyPeriod", "P30D");
    var lead = values.duration("signingKeyLead", "PT1H");
    if (lead.compareTo(period) >= 0) {
      throw new Settings.Nonsense("signingKeyLead is shorter than signingKeyPeriod");
    }
    return new Config(
        issuer,
        values.text("host", "127.0.0.1"),
        port,
        values.path("data", data),
        database(values),
        values.path("masterKeyFile", secrets + "/master.key"),
        values.path("checkpointFile", state + "/checkpoint"),
        values.path("organisation", ""),
        review(values),
        origin(values, authority + "/log"),
        period,
        lead,
        values.duration("freeTextRetention", "P30D"),
        values.duration("sessionIdle", "PT1H"),
        values.duration("sessionLifetime", "PT12H"),
        values.number("requestsMax", 256, 1, REQUESTS_MAX),
        values.flag("dpopNonceRequired"),
        values.flag("requestObjects"),
        trustDomain(values),
        Transport.read(values, issuer),
        registration(values),
        values.flag("clientDocuments", "true"),
        values.flag("asgardeo"));
  }

  private static RegistrationPolicy registration(Settings values) {
    var text = values.text("registration", "token");
    return RegistrationPolicy.parse(text)
        .orElseThrow(() -> new Settings.Nonsense("registration is off, token or open: " + text));
  }

  private static Publishing.Review review(Settings values) {
    var text = values.text("policyReview", "anyone");
    return switch (text) {
      case "anyone" -> Publishing.Review.NONE;
      case "second-person" -> Publishing.Review.SECOND_PERSON;
      default -> throw new Settings.Nonsense("policyReview is anyone or second-person: " + text);
    };
  }

  private static String database(Settings values) {
    var url = values.text("database", "");
    if (url.isEmpty() || url.startsWith("jdbc:postgresql:")) {
      return url;
    }
    throw new Settings.Nonsense("database is a jdbc:postgresql:// URL");
  }

  private static String origin(Settings values, String usual) {
    var origin = values.text("logOrigin", usual);
    if (ORIGIN.matcher(origin).matches()) {
      return origin;
    }
    throw new Settings.Nonsense("logOrigin is printable, without spaces and plus signs");
  }

  /// A host name or the like, never a URL, so that nothing registered has the same.
  private static String trustDomain(Settings values) {
    var name = values.text("trustDomain", "");
    if (name.isEmpty() || TRUST_DOMAIN.matcher(name).matches()) {
      return name;
    }
    throw new Settings.Nonsense(
        "trustDomain is small letters, digits, dots, dashes and underscores");
  }

  /// The folder of this program below the one that the XDG base directory specification names; an
  /// empty or relative path there is to be ignored.
  private static String folder(
      Map<String, String> environment, String variable, Path home, String otherwise) {
    var base = environment.getOrDefault(variable, "");
    return (base.startsWith("/") ? base : home.resolve(otherwise)) + "/prokura";
  }

  /// When signing keys follow each other. A key lingers until every token it signed has expired.
  SigningKeys.KeyTimes keyTimes(Limits limits) {
    // The ID token of a session stays known as a hint for as long as the session can last.
    var token = limits.accessTokenLifetime();
    var longest = token.compareTo(sessionLifetime) < 0 ? sessionLifetime : token;
    return new SigningKeys.KeyTimes(signingKeyPeriod, signingKeyLead, longest.plus(signingKeyLead));
  }

  /// The journal of cut-offs and erasures, beside the checkpoint that is kept outside the database.
  public Path journalFile() {
    return checkpointFile.resolveSibling(checkpointFile.getFileName() + ".journal");
  }

  /// The URLs that the server is called at, without their paths; the issuer first.
  public List<String> addresses() {
    return Stream.concat(Stream.of(issuer), transport.certificateUrl().stream()).toList();
  }

  /// The identifier of the management API as a resource of its own.
  public String managementApi() {
    return issuer + MANAGEMENT_API;
  }

  /// The identifier of what is known about people as a resource of its own.
  public String userinfo() {
    return issuer + USERINFO;
  }

  /// Where programs register themselves.
  public String registrationEndpoint() {
    return issuer + "/oauth2/register";
  }

  /// The identifier of the decision point as a resource of its own.
  public String decisionApi() {
    return issuer + DECISION_API;
  }
}
