import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.introspection.SpringOpaqueTokenIntrospector;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A small application by Spring Security with nothing in it that is made for Prokura: people sign in
 * to it, and callers with tokens read notes, by JWT or by asking about the token.
 */
@Configuration
@EnableAutoConfiguration
@RestController
public class Notes {
  @Value("${issuer}")
  private String issuer;

  public static void main(String[] arguments) {
    SpringApplication.run(Notes.class, arguments);
  }

  @Bean
  ClientRegistrationRepository registrations(
      @Value("${client.id}") String id, @Value("${client.secret}") String secret) {
    return new InMemoryClientRegistrationRepository(
        ClientRegistrations.fromIssuerLocation(issuer)
            .registrationId("prokura")
            .clientId(id)
            .clientSecret(secret)
            .scope("openid", "profile", "email")
            .userNameAttributeName("sub")
            .build());
  }

  /** Without this Spring takes ID tokens signed by RS256 alone. */
  @Bean
  JwtDecoderFactory<ClientRegistration> idTokens() {
    var decoders = new OidcIdTokenDecoderFactory();
    decoders.setJwsAlgorithmResolver(registration -> SignatureAlgorithm.ES256);
    return decoders;
  }

  @Bean
  JwtDecoder decoder(@Value("${audience}") String audience) {
    var decoder = NimbusJwtDecoder.withIssuerLocation(issuer).validateType(false).build();
    decoder.setJwtValidator(
        JwtValidators.createAtJwtValidator().issuer(issuer).audience(audience).build());
    return decoder;
  }

  @Bean
  @Order(1)
  SecurityFilterChain read(HttpSecurity http) throws Exception {
    return http.securityMatcher("/notes/**")
        .authorizeHttpRequests(all -> all.anyRequest().hasAuthority("SCOPE_notes.read"))
        .oauth2ResourceServer(
            server -> server.jwt(Customizer.withDefaults()).dPoP(Customizer.withDefaults()))
        .build();
  }

  @Bean
  @Order(2)
  SecurityFilterChain asked(
      HttpSecurity http,
      @Value("${workload.id}") String id,
      @Value("${workload.secret}") String secret)
      throws Exception {
    var introspector =
        SpringOpaqueTokenIntrospector.withIntrospectionUri(issuer + "/oauth2/introspect")
            .clientId(id)
            .clientSecret(secret)
            .build();
    return http.securityMatcher("/asked/**")
        .authorizeHttpRequests(all -> all.anyRequest().hasAuthority("SCOPE_notes.read"))
        .oauth2ResourceServer(server -> server.opaqueToken(one -> one.introspector(introspector)))
        .build();
  }

  @Bean
  @Order(3)
  SecurityFilterChain pages(HttpSecurity http) throws Exception {
    return http.authorizeHttpRequests(all -> all.anyRequest().authenticated())
        .oauth2Login(Customizer.withDefaults())
        .build();
  }

  @GetMapping("/")
  Map<String, Object> person(@AuthenticationPrincipal OidcUser person) {
    return Map.of("sub", person.getSubject(), "name", person.getFullName());
  }

  @GetMapping({"/notes/1", "/asked/1"})
  Map<String, Object> note(Authentication caller) {
    return Map.of("for", caller.getName());
  }
}
