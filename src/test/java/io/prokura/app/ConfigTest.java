package io.prokura.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.policy.Publishing;
import io.prokura.registration.RegistrationPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where configuration comes from, which source wins, and what is refused before a server starts.
final class ConfigTest {
  private static final Path HOME = Path.of("/home/dana");

  private static Json.Obj yaml(String text) {
    var read = new JsonReader(Limits.standard()).readYaml(text.getBytes(UTF_8));
    if (read instanceof Ok(var object)) {
      return object;
    }
    throw new AssertionError("not YAML: " + text);
  }

  private static Result<Config> of(
      String yaml, Map<String, String> environment, Map<String, String> options) {
    var file = yaml.isEmpty() ? Json.object().build() : yaml(yaml);
    return Config.of(file, environment, options, HOME);
  }

  private static Config config(
      String yaml, Map<String, String> environment, Map<String, String> options) {
    return switch (of(yaml, environment, options)) {
      case Ok<Config>(var config) -> config;
      case Refused<Config> refused -> throw new AssertionError(refused);
    };
  }

  private static void assertRefused(Result<Config> result, String named) {
    assertThat(result).isInstanceOf(Refused.class);
    var refused = (Refused<Config>) result;
    assertThat(refused.reason()).isEqualTo(Refusal.FIELD_INVALID);
    assertThat(refused.detail()).contains(named).hasLineCount(1);
  }

  @Test
  void nothingIsNeeded() {
    var config = config("", Map.of(), Map.of());
    assertThat(config)
        .isEqualTo(
            new Config(
                "http://localhost:8420",
                "127.0.0.1",
                8420,
                Path.of("/home/dana/.local/share/prokura"),
                "",
                Path.of("/home/dana/.config/prokura/master.key"),
                Path.of("/home/dana/.local/state/prokura/checkpoint"),
                Path.of(""),
                Publishing.Review.NONE,
                "localhost:8420/log",
                Duration.ofDays(30),
                Duration.ofHours(1),
                Duration.ofDays(30),
                Duration.ofHours(1),
                Duration.ofHours(12),
                256,
                false,
                false,
                "",
                Transport.PLAIN,
                RegistrationPolicy.TOKEN,
                true,
                false));
    assertThat(config.managementApi()).isEqualTo("http://localhost:8420/api/v1");
  }

  @Test
  void everyKeyMayStandInTheFile() {
    var config =
        config(
            """
            # what an operator writes
            issuer: https://iam.example.org
            host: 0.0.0.0
            port: 9000
            data: /srv/data
            database: jdbc:postgresql://db/prokura
            masterKeyFile: /srv/secret/key
            checkpointFile: /srv/state/checkpoint
            organisation: /srv/organisation
            policyReview: second-person
            logOrigin: example.org/prokura
            signingKeyPeriod: P7D
            signingKeyLead: PT30M
            freeTextRetention: PT0S
            sessionIdle: PT10M
            sessionLifetime: PT8H
            requestsMax: 64
            dpopNonceRequired: true
            requestObjects: true
            trustDomain: crm.internal.example
            registration: open
            clientDocuments: false
            asgardeo: true
            """,
            Map.of(),
            Map.of());
    assertThat(config)
        .isEqualTo(
            new Config(
                "https://iam.example.org",
                "0.0.0.0",
                9000,
                Path.of("/srv/data"),
                "jdbc:postgresql://db/prokura",
                Path.of("/srv/secret/key"),
                Path.of("/srv/state/checkpoint"),
                Path.of("/srv/organisation"),
                Publishing.Review.SECOND_PERSON,
                "example.org/prokura",
                Duration.ofDays(7),
                Duration.ofMinutes(30),
                Duration.ZERO,
                Duration.ofMinutes(10),
                Duration.ofHours(8),
                64,
                true,
                true,
                "crm.internal.example",
                Transport.PLAIN,
                RegistrationPolicy.OPEN,
                false,
                true));
  }

  @Test
  void theEnvironmentWinsOverTheFileAndOptionsOverBoth() {
    var file = "port: 1001\nhost: file\ndata: /file\n";
    var environment = Map.of("PROKURA_HOST", "environment", "PROKURA_DATA", "/environment");
    var config = config(file, environment, Map.of("data", "/option"));
    assertThat(config.port()).isEqualTo(1001);
    assertThat(config.host()).isEqualTo("environment");
    assertThat(config.data()).isEqualTo(Path.of("/option"));
  }

  @Test
  void everyKeyHasAVariable() {
    for (var key : Config.KEYS.keySet()) {
      var variable = "PROKURA_" + key.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
      assertThat(of("", Map.of(variable, "\u0000"), Map.of()))
          .as("%s is read: a value without sense is refused, or taken as it is", variable)
          .satisfiesAnyOf(
              result -> assertThat(result).isInstanceOf(Refused.class),
              result -> assertThat(result.toString()).contains("\u0000"));
    }
    assertThat(config("", Map.of("PROKURA_MASTER_KEY_FILE", "/key"), Map.of()).masterKeyFile())
        .isEqualTo(Path.of("/key"));
  }

  @Test
  void withTlsTheServerIsKnownByHttps() {
    assertThat(config("tlsDev: true\n", Map.of(), Map.of()).issuer())
        .isEqualTo("https://localhost:8420");
    var files = config("tlsCert: /c.pem\ntlsKey: /k.pem\n", Map.of(), Map.of());
    assertThat(files.issuer()).isEqualTo("https://localhost:8420");
    assertThat(files.transport().isSecure()).isTrue();
    assertThat(files.transport().isDevelopment()).isFalse();
    var behind = config("proxies: '10.0.0.0/8, ::1'\n", Map.of(), Map.of());
    assertThat(behind.transport().isSecure()).isFalse();
    assertThat(behind.transport().seesCertificates()).isTrue();
  }

  @Test
  void clientsWithCertificatesMayHaveAPortOrAnAddressOfTheirOwn() {
    var port = config("tlsDev: true\ncertificatePort: 8421\n", Map.of(), Map.of());
    assertThat(port.transport().certificatePort()).hasValue(8421);
    assertThat(port.addresses())
        .containsExactly("https://localhost:8420", "https://localhost:8421");
    var url = "https://mtls.example.org";
    var behind = config("proxies: 10.0.0.1\ncertificateUrl: " + url + "\n", Map.of(), Map.of());
    assertThat(behind.transport().certificatePort()).isEmpty();
    assertThat(behind.addresses()).containsExactly("http://localhost:8420", url);
    assertThat(config("", Map.of(), Map.of()).addresses()).hasSize(1);
  }

  @Test
  void refusesTransportsThatContradictThemselves() {
    assertRefused(of("tlsCert: /c.pem\n", Map.of(), Map.of()), "tlsKey");
    assertRefused(of("tlsKey: /k.pem\n", Map.of(), Map.of()), "tlsCert");
    assertRefused(of("tlsDev: maybe\n", Map.of(), Map.of()), "tlsDev");
    assertRefused(
        of("tlsDev: true\ntlsCert: /c.pem\ntlsKey: /k.pem\n", Map.of(), Map.of()), "tlsDev");
    assertRefused(
        of("tlsDev: true\nissuer: http://localhost:8420\n", Map.of(), Map.of()), "issuer");
    assertRefused(of("proxies: proxy.example\n", Map.of(), Map.of()), "proxies");
    assertRefused(of("certificatePort: 8421\n", Map.of(), Map.of()), "certificatePort");
    assertRefused(of("tlsDev: true\ncertificatePort: 0\n", Map.of(), Map.of()), "certificateUrl");
    var nobody = "certificateUrl: https://a.example\n";
    assertRefused(of(nobody, Map.of(), Map.of()), "certificateUrl");
    for (var url : List.of("http://localhost:1", "https://a.example/x", "https://u@a.example")) {
      var there = "tlsDev: true\ncertificateUrl: " + url + "\n";
      assertRefused(of(there, Map.of(), Map.of()), "certificateUrl");
    }
  }

  @Test
  void anEmptyValueCountsAsAbsent() {
    var environment =
        Map.of(
            "PROKURA_DATA", "", "PROKURA_PORT", "", "XDG_STATE_HOME", "", "XDG_DATA_HOME", "here");
    assertThat(config("issuer: ''\ndata: /file\n", environment, Map.of()))
        .isEqualTo(config("", Map.of(), Map.of()));
  }

  @Test
  void theUsersFoldersAreWhereTheEnvironmentSaysTheyAre() {
    var config =
        config(
            "",
            Map.of("XDG_DATA_HOME", "/d", "XDG_STATE_HOME", "/s", "XDG_CONFIG_HOME", "/c"),
            Map.of());
    assertThat(config.data()).isEqualTo(Path.of("/d/prokura"));
    assertThat(config.checkpointFile()).isEqualTo(Path.of("/s/prokura/checkpoint"));
    assertThat(config.masterKeyFile()).isEqualTo(Path.of("/c/prokura/master.key"));
  }

  @Test
  void whatIsNotKnownIsRefused() {
    assertRefused(of("prot: 1\n", Map.of(), Map.of()), "prot");
    assertRefused(of("", Map.of("PROKURA_PROT", "1"), Map.of()), "PROKURA_PROT");
    assertRefused(of("port: [1]\n", Map.of(), Map.of()), "port");
    assertRefused(of("port: true\n", Map.of(), Map.of()), "port");
    assertRefused(of("port: 1.5\n", Map.of(), Map.of()), "port");
    assertRefused(of("issuer:\n", Map.of(), Map.of()), "issuer");
    var callers = Map.of("PROKURA_SERVER", "a", "PROKURA_TOKEN", "b", "HOME", "c");
    assertThat(config("", callers, Map.of())).isEqualTo(config("", Map.of(), Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://iam.example.org",
        "https://iam.example.org:8443",
        "http://localhost",
        "http://localhost:1",
        "http://127.0.0.1:8420",
        "http://127.1.2.3",
        "http://[::1]:8420"
      })
  void anIssuerIsHttpsOrOnThisMachine(String issuer) {
    assertThat(config("", Map.of(), Map.of("issuer", issuer)).issuer()).isEqualTo(issuer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://iam.example.org",
        "http://127.example.org",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://[::2]",
        "http://0.0.0.0",
        "https://iam.example.org/",
        "https://iam.example.org/a",
        "https://iam.example.org?a",
        "https://iam.example.org#a",
        "https://user@iam.example.org",
        "https://",
        "HTTP://localhost",
        "ftp://localhost",
        "iam.example.org",
        "localhost:8420",
        "https://iam example.org",
        "https://iam.example.org\n"
      })
  void noOtherIssuerIsTaken(String issuer) {
    assertRefused(of("", Map.of(), Map.of("issuer", issuer)), "issuer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "port=-1",
        "port=65536",
        "port=99999999999",
        "port=x",
        "port= 1",
        "port=0",
        "requestsMax=0",
        "requestsMax=-1",
        "requestsMax=x",
        "signingKeyPeriod=30",
        "signingKeyPeriod=30 days",
        "signingKeyPeriod=P1Y",
        "signingKeyPeriod=PT0S",
        "signingKeyPeriod=-P1D",
        "signingKeyPeriod=P999999999D",
        "signingKeyLead=-PT1H",
        "signingKeyLead=P30D",
        "freeTextRetention=-PT1S",
        "freeTextRetention=soon",
        "database=jdbc:sqlite:file",
        "database=postgres://db",
        "logOrigin=a b",
        "logOrigin=a+b",
        "logOrigin=a\nb",
        "data=\u0000",
        "masterKeyFile=\u0000"
      })
  void valuesThatMakeNoSenseAreRefusedByName(String option) {
    var pair = option.split("=", 2);
    assertRefused(of("", Map.of(), Map.of(pair[0], pair[1])), pair[0]);
  }

  @Test
  void aFreePortNeedsAnIssuerThatIsKnownBeforehand() {
    var options = Map.of("port", "0", "issuer", "https://iam.example.org");
    assertThat(config("", Map.of(), options).port()).isZero();
  }
}
