package io.prokura.http;

import static io.prokura.kernel.Refusal.CLIENT_NOT_AUTHENTICATED;
import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Refusal.TOKEN_INVALID;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.WritableHeaders;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.tls.ClientCertificate;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One HTTP request, read to its end. Immutable. What it carries is bounded by `Limits` and is
/// otherwise whatever the caller chose to send.
public final class Request {
  private static final Pattern NO_WEIGHT = Pattern.compile("[qQ]=0(\\.0{0,3})?");

  /// The bounds on a request's content and the JSON reader that keeps them.
  record Reading(Limits limits, JsonReader json) {
    static Reading of(Limits limits) {
      return new Reading(limits, new JsonReader(limits));
    }
  }

  /// The header lines of a request.
  record HeaderLines(Headers headers) {
    /// The values of all lines of this name, in order.
    List<String> all(String name) {
      var key = HeaderNames.createFromLowercase(name.toLowerCase(Locale.ROOT));
      return headers.contains(key) ? List.copyOf(headers.get(key).allValues()) : List.of();
    }
  }

  private final Reading reading;
  private final String id;
  private final String method;
  private final String path;
  private final Map<String, String> pathParameters;
  private final String query;
  private final Headers headers;
  private final Proxies.Sender sender;
  private final byte[] body;

  Request(
      Reading reading,
      String id,
      String method,
      String path,
      Map<String, String> pathParameters,
      String query,
      Headers headers,
      Proxies.Sender sender,
      byte[] body) {
    this.reading = reading;
    this.id = id;
    this.method = method;
    this.path = path;
    this.pathParameters = pathParameters;
    this.query = query;
    this.headers = headers;
    this.sender = sender;
    this.body = body;
  }

  /// Starts a request that comes from no socket: GET or whatever `method` says, to `path` (without
  /// a query), from the loopback address.
  public static Builder to(Limits limits, String method, String path) {
    return new Builder(limits, method, path);
  }

  /// The name of this request in logs and problems: the caller's `X-Request-ID` when that is fit
  /// for a log, otherwise a random one.
  public String id() {
    return id;
  }

  public String method() {
    return method;
  }

  /// The path as it was sent, still percent-encoded.
  public String path() {
    return path;
  }

  /// The decoded value of a parameter of the route's path template; throws when the template has
  /// none of this name.
  public String pathParameter(String name) {
    var value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no parameter " + name);
    }
    return value;
  }

  /// The network address of the peer, without its port; what a proxy that may speak for others says
  /// it is, and any other proxy's own.
  public String peer() {
    return sender.address();
  }

  /// The certificate whose key the sender has proven to hold, on the connection or to a proxy that
  /// may speak for others. It says nothing yet about who the sender is.
  public Optional<ClientCertificate> certificate() {
    return sender.certificate();
  }

  /// The body itself, not a copy: it must not be changed.
  public byte[] body() {
    return body;
  }

  /// The value of a header that may stand once; refuses `MALFORMED_REQUEST` when it stands more
  /// often. The name's case does not matter; it is a constant of the endpoint, for it stands in the
  /// detail.
  public Result<Optional<String>> header(String name) {
    var values = headers(name);
    return values.size() > 1
        ? refused(MALFORMED_REQUEST, "the header " + name + " is given more than once")
        : ok(values.stream().findFirst());
  }

  /// The values of all header lines of this name, in order.
  public List<String> headers(String name) {
    return new HeaderLines(headers).all(name);
  }

  boolean has(String name) {
    return headers.contains(HeaderNames.createFromLowercase(name.toLowerCase(Locale.ROOT)));
  }

  /// The query's parameters, each at most once; refuses `DUPLICATE_PARAMETER` and
  /// `MALFORMED_REQUEST`.
  public Result<Form> query() {
    return query(Set.of());
  }

  /// The query's parameters, of which those named may stand more than once.
  public Result<Form> query(Set<String> repeatable) {
    var bytes = query.getBytes(StandardCharsets.UTF_8);
    return FormParser.parse(bytes, reading.limits().parametersMax(), repeatable);
  }

  /// The parameters of an `application/x-www-form-urlencoded` body, each at most once; refuses
  /// `DUPLICATE_PARAMETER` and `MALFORMED_REQUEST`.
  public Result<Form> form() {
    return form(Set.of());
  }

  /// The parameters of such a body, of which those named may stand more than once.
  public Result<Form> form(Set<String> repeatable) {
    return ContentType.matches(headers("Content-Type"), "application/x-www-form-urlencoded")
        ? FormParser.parse(body, reading.limits().parametersMax(), repeatable)
        : refused(
            MALFORMED_REQUEST,
            "the content type must be application/x-www-form-urlencoded in UTF-8");
  }

  /// The value of an `application/json` body; refuses `MALFORMED_REQUEST`.
  public Result<Json> json() {
    return isJson() ? reading.json().read(body) : notJson();
  }

  /// The object of an `application/json` body; refuses `MALFORMED_REQUEST`.
  public Result<Json.Obj> jsonObject() {
    return isJson() ? reading.json().readObject(body) : notJson();
  }

  private boolean isJson() {
    return ContentType.matches(headers("Content-Type"), "application/json");
  }

  private static <T> Result<T> notJson() {
    return refused(MALFORMED_REQUEST, "the content type must be application/json in UTF-8");
  }

  /// Whether the header `Accept` names this media type itself, with any weight but none (RFC 9110
  /// §12.5.1).
  public boolean accepts(String mediaType) {
    return headers("Accept").stream()
        .flatMap(line -> Stream.of(line.split(",", -1)))
        .map(range -> range.split(";", -1))
        .filter(parts -> parts[0].strip().equalsIgnoreCase(mediaType))
        .anyMatch(parts -> Stream.of(parts).skip(1).noneMatch(Request::isNoWeight));
  }

  private static boolean isNoWeight(String parameter) {
    return NO_WEIGHT.matcher(parameter.strip()).matches();
  }

  /// Whether the caller sent an `Authorization` header of any scheme.
  public boolean hasAuthorization() {
    return has("Authorization");
  }

  /// The credentials of HTTP Basic authentication as an OAuth client writes them
  /// (RFC 6749 §2.3.1); empty without an `Authorization` header or with one of another scheme.
  /// Refuses `CLIENT_NOT_AUTHENTICATED` when they cannot be read.
  public Result<Optional<BasicCredentials>> basicCredentials() {
    var credentials = credentials("basic");
    if (!(credentials instanceof Result.Ok(var found))) {
      return credentials.refusal();
    }
    return found.isEmpty() ? ok(Optional.empty()) : basic(found.get());
  }

  private static Result<Optional<BasicCredentials>> basic(String encoded) {
    byte[] pair;
    try {
      pair = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      return notBasic();
    }
    int colon = 0;
    while (colon < pair.length && pair[colon] != ':') {
      colon++;
    }
    if (colon == pair.length) {
      return notBasic();
    }
    var name = UrlEncoding.decode(pair, 0, colon);
    var secret = UrlEncoding.decode(pair, colon + 1, pair.length);
    return name == null || secret == null
        ? notBasic()
        : ok(Optional.of(new BasicCredentials(name, secret)));
  }

  private static <T> Result<T> notBasic() {
    return refused(CLIENT_NOT_AUTHENTICATED, "the Basic credentials are not well formed");
  }

  /// The token of an `Authorization: Bearer` header (RFC 6750 §2.1); empty without such a header or
  /// with one of another scheme. Refuses `TOKEN_INVALID` when it has not the syntax of a token.
  public Result<Optional<String>> bearerToken() {
    return token("bearer");
  }

  /// The token of an `Authorization: DPoP` header (RFC 9449 §7.1), as [#bearerToken] has it.
  public Result<Optional<String>> dpopToken() {
    return token("dpop");
  }

  private Result<Optional<String>> token(String scheme) {
    var credentials = credentials(scheme);
    if (!(credentials instanceof Result.Ok(var found))) {
      return credentials.refusal();
    }
    return found.isEmpty() || HeaderText.isBearerToken(found.get())
        ? ok(found)
        : refused(TOKEN_INVALID, "the access token is not well formed");
  }

  /// What follows `scheme` in the one `Authorization` header, if that has this scheme.
  private Result<Optional<String>> credentials(String scheme) {
    var header = header("Authorization");
    if (!(header instanceof Result.Ok(var found))) {
      return header.refusal();
    }
    var value = found.orElse("");
    int length = scheme.length();
    boolean matches =
        value.length() > length
            && value.charAt(length) == ' '
            && value.regionMatches(true, 0, scheme, 0, length);
    return ok(matches ? Optional.of(value.substring(length + 1).strip()) : Optional.empty());
  }

  /// Collects a request piece by piece.
  public static final class Builder {
    private final Reading reading;
    private final String method;
    private final String path;
    private final Map<String, String> pathParameters = new LinkedHashMap<>();
    private final WritableHeaders<?> headers = WritableHeaders.create();
    private String query = "";
    private Optional<ClientCertificate> certificate = Optional.empty();
    private byte[] body = {};

    private Builder(Limits limits, String method, String path) {
      this.reading = Reading.of(limits);
      this.method = method;
      this.path = path;
    }

    public Builder pathParameter(String name, String value) {
      pathParameters.put(name, value);
      return this;
    }

    /// Sets the query, without its question mark.
    public Builder query(String text) {
      query = text;
      return this;
    }

    /// Adds a header line.
    public Builder header(String name, String value) {
      var key = HeaderNames.createFromLowercase(name.toLowerCase(Locale.ROOT));
      headers.add(HeaderValues.create(key, value));
      return this;
    }

    /// Sets the certificate whose key the sender holds.
    public Builder certificate(ClientCertificate presented) {
      certificate = Optional.of(presented);
      return this;
    }

    /// Sets the body and its content type.
    public Builder body(String contentType, String text) {
      body = text.getBytes(StandardCharsets.UTF_8);
      return header("Content-Type", contentType);
    }

    /// Sets an urlencoded form as the body.
    public Builder form(String text) {
      return body("application/x-www-form-urlencoded", text);
    }

    /// Sets a JSON body.
    public Builder json(Json value) {
      return body("application/json", value.toText());
    }

    /// The request; its id is what `X-Request-ID` says, or `request`.
    public Request build() {
      var id = HeaderNames.createFromLowercase("x-request-id");
      return new Request(
          reading,
          headers.contains(id) ? headers.get(id).get() : "request",
          method,
          path,
          Map.copyOf(pathParameters),
          query,
          headers,
          new Proxies.Sender("127.0.0.1", certificate),
          body);
    }
  }
}
