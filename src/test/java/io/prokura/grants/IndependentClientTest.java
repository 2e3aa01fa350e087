package io.prokura.grants;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.AccessTokenResponse;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.ErrorObject;
import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.Request;
import com.nimbusds.oauth2.sdk.ResourceOwnerPasswordCredentialsGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenIntrospectionRequest;
import com.nimbusds.oauth2.sdk.TokenIntrospectionResponse;
import com.nimbusds.oauth2.sdk.TokenIntrospectionSuccessResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.JWTAuthenticationClaimsSet;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.Audience;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.AccessTokenType;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.oauth2.sdk.token.TokenTypeURI;
import com.nimbusds.oauth2.sdk.token.TypelessToken;
import com.nimbusds.oauth2.sdk.tokenexchange.TokenExchangeGrant;
import io.prokura.app.Party;
import io.prokura.app.Story;
import io.prokura.app.Story.Crew;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A client that is not ours (the OAuth 2.0 SDK of Connect2id) finds the server by its metadata and
/// gets along with it: every way to authenticate, both grants, introspection, revocation, and every
/// refusal in the words that it knows.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IndependentClientTest {
  private static final URI CRM = URI.create(Story.CRM);

  private final Story story = Story.beginAtIssuer();
  private final Crew crew = story.crew();
  private final Party triage = crew.triage();
  private AuthorizationServerMetadata metadata =
      new AuthorizationServerMetadata(new Issuer(story.server.issuer()));

  @BeforeAll
  void discover() throws Exception {
    metadata = AuthorizationServerMetadata.resolve(new Issuer(story.server.issuer()));
  }

  @AfterAll
  void end() {
    story.close();
  }

  private static HTTPResponse send(Request request) throws Exception {
    var http = request.toHTTPRequest();
    http.setConnectTimeout(10_000);
    http.setReadTimeout(10_000);
    return http.send();
  }

  private static ClientAuthentication basic(Party party) {
    return new ClientSecretBasic(new ClientID(party.id()), new Secret(party.secret()));
  }

  private static ClientAuthentication post(Party party) {
    return new ClientSecretPost(new ClientID(party.id()), new Secret(party.secret()));
  }

  private ClientAuthentication key(Party party, String audience) throws Exception {
    var claims = new JWTAuthenticationClaimsSet(new ClientID(party.id()), new Audience(audience));
    var jwk = ECKey.parse(new String(party.key().secret(), UTF_8));
    return new PrivateKeyJWT(claims, JWSAlgorithm.ES256, jwk.toPrivateKey(), null, null);
  }

  /// Every way to authenticate, the way of rfc7523bis for the assertion.
  private List<ClientAuthentication> everyWay(Party party) throws Exception {
    return List.of(basic(party), post(party), key(party, story.server.issuer()));
  }

  private TokenRequest.Builder request(ClientAuthentication client, AuthorizationGrant grant) {
    return new TokenRequest.Builder(metadata.getTokenEndpointURI(), client, grant).resource(CRM);
  }

  private static AccessTokenResponse granted(TokenRequest.Builder request) throws Exception {
    var response = TokenResponse.parse(send(request.build()));
    assertThat(response.indicatesSuccess())
        .as(() -> response.toErrorResponse().getErrorObject().toString())
        .isTrue();
    return response.toSuccessResponse();
  }

  private static ErrorObject refused(TokenRequest.Builder request) throws Exception {
    var response = TokenResponse.parse(send(request.build()));
    assertThat(response.indicatesSuccess()).isFalse();
    return response.toErrorResponse().getErrorObject();
  }

  private TokenExchangeGrant use() throws Exception {
    return new TokenExchangeGrant(
        new TypelessToken(crew.delegation()), TokenTypeURI.parse(Party.DELEGATION));
  }

  private SignedJWT verified(AccessToken token) throws Exception {
    var jwt = SignedJWT.parse(token.getValue());
    var key =
        JWKSet.load(metadata.getJWKSetURI().toURL()).getKeyByKeyId(jwt.getHeader().getKeyID());
    assertThat(jwt.verify(new ECDSAVerifier(key.toECKey()))).isTrue();
    return jwt;
  }

  @Test
  void findsTheServerByItsMetadata() {
    assertThat(metadata.getIssuer().getValue()).isEqualTo(story.server.issuer());
    assertThat(metadata.getGrantTypes())
        .containsExactly(
            GrantType.AUTHORIZATION_CODE,
            GrantType.REFRESH_TOKEN,
            GrantType.CLIENT_CREDENTIALS,
            GrantType.TOKEN_EXCHANGE,
            GrantType.JWT_BEARER,
            GrantType.CIBA,
            GrantType.DEVICE_CODE);
    assertThat(metadata.getTokenEndpointAuthMethods())
        .containsExactly(
            ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
            ClientAuthenticationMethod.CLIENT_SECRET_POST,
            ClientAuthenticationMethod.PRIVATE_KEY_JWT,
            ClientAuthenticationMethod.NONE);
    assertThat(metadata.getTokenEndpointJWSAlgs()).contains(JWSAlgorithm.ES256);
    assertThat(metadata.getResponseTypes()).containsExactly(ResponseType.CODE);
    assertThat(metadata.getCodeChallengeMethods()).containsExactly(CodeChallengeMethod.S256);
    assertThat(metadata.supportsAuthorizationResponseIssuerParam()).isTrue();
  }

  @Test
  void getsATokenOfItsOwnByEveryWayToAuthenticate() throws Exception {
    for (var client : everyWay(triage)) {
      var response =
          granted(request(client, new ClientCredentialsGrant()).scope(new Scope("tickets.read")));
      var token = response.getTokens().getBearerAccessToken();
      assertThat(token.getLifetime()).isEqualTo(300);
      assertThat(token.getScope()).isEqualTo(new Scope("tickets.read"));
      assertThat(response.getTokens().getRefreshToken()).isNull();
      assertThat(verified(token).getJWTClaimsSet().getSubject()).isEqualTo(triage.id());
    }
  }

  @Test
  void exchangesADelegationAndHandsTheWorkOn() throws Exception {
    var held = granted(request(basic(triage), use())).getTokens().getBearerAccessToken();
    assertThat(held.getIssuedTokenType()).isEqualTo(TokenTypeURI.ACCESS_TOKEN);
    assertThat(verified(held).getJWTClaimsSet().getSubject()).isEqualTo(story.alice);
    var handOverType = TokenTypeURI.parse(Party.HAND_OVER);
    var handing =
        new TokenExchangeGrant(held, TokenTypeURI.ACCESS_TOKEN, null, null, handOverType, null);
    var handOver =
        granted(
                request(basic(triage), handing)
                    .customParameter("requested_actor", crew.lookup().id()))
            .getTokens()
            .getAccessToken();
    assertThat(handOver.getType()).isEqualTo(AccessTokenType.N_A);
    assertThat(handOver.getIssuedTokenType()).isEqualTo(handOverType);
    var own =
        granted(request(basic(crew.lookup()), new ClientCredentialsGrant()))
            .getTokens()
            .getBearerAccessToken();
    var taking =
        new TokenExchangeGrant(
            new TypelessToken(handOver.getValue()),
            handOverType,
            own,
            TokenTypeURI.ACCESS_TOKEN,
            TokenTypeURI.ACCESS_TOKEN,
            null);
    var client = key(crew.lookup(), story.server.issuer());
    var child = granted(request(client, taking)).getTokens().getBearerAccessToken();
    var act = verified(child).getJWTClaimsSet().getJSONObjectClaim("act");
    assertThat(act).containsEntry("sub", crew.lookup().id()).containsKey("act");
  }

  @Test
  void introspectsAndRevokes() throws Exception {
    for (var enforcer : everyWay(story.gateway)) {
      var token = granted(request(basic(triage), use())).getTokens().getBearerAccessToken();
      var alive = introspect(enforcer, token);
      assertThat(alive.isActive()).isTrue();
      assertThat(alive.getSubject().getValue()).isEqualTo(story.alice);
      assertThat(alive.getAudience()).containsExactly(new Audience(CRM));
      assertThat(alive.getTokenType()).isEqualTo(AccessTokenType.BEARER);
      assertThat(alive.getJSONObjectParameter("act")).containsEntry("sub", triage.id());
      var revoked =
          send(
              new TokenRevocationRequest(metadata.getRevocationEndpointURI(), post(triage), token));
      assertThat(revoked.indicatesSuccess()).isTrue();
      assertThat(introspect(basic(story.gateway), token).isActive()).isFalse();
    }
  }

  private TokenIntrospectionSuccessResponse introspect(ClientAuthentication who, AccessToken token)
      throws Exception {
    var request = new TokenIntrospectionRequest(metadata.getIntrospectionEndpointURI(), who, token);
    return TokenIntrospectionResponse.parse(send(request)).toSuccessResponse();
  }

  @Test
  void understandsEveryRefusal() throws Exception {
    var wrong = new ClientSecretBasic(new ClientID(triage.id()), new Secret("wrong"));
    var own = new ClientCredentialsGrant();
    var unknown = refused(request(wrong, own));
    assertThat(unknown).isEqualTo(OAuth2Error.INVALID_CLIENT);
    assertThat(unknown.getHTTPStatusCode()).isEqualTo(401);
    assertThat(refused(request(basic(triage), own).scope(new Scope("fly"))))
        .isEqualTo(OAuth2Error.INVALID_SCOPE);
    var nowhere = URI.create("https://nowhere.example");
    assertThat(refused(request(basic(triage), own).resources(nowhere)))
        .isEqualTo(OAuth2Error.INVALID_TARGET);
    assertThat(refused(request(basic(triage), own).resources(CRM, URI.create(Story.ARCHIVE))))
        .isEqualTo(OAuth2Error.INVALID_TARGET);
    var portal = story.application("portal");
    assertThat(refused(request(basic(portal), own))).isEqualTo(OAuth2Error.UNAUTHORIZED_CLIENT);
    var password = new ResourceOwnerPasswordCredentialsGrant("alice", new Secret("secret"));
    assertThat(refused(request(basic(triage), password)))
        .isEqualTo(OAuth2Error.UNSUPPORTED_GRANT_TYPE);
    var garbage =
        new TokenExchangeGrant(new BearerAccessToken("garbage"), TokenTypeURI.ACCESS_TOKEN);
    assertThat(refused(request(basic(triage), garbage))).isEqualTo(OAuth2Error.INVALID_REQUEST);
    assertThat(refused(request(basic(crew.lookup()), use())).getCode())
        .isEqualTo("actor_unauthorized");
  }

  @Test
  void anAssertionForTheTokenEndpointIsNotForTheServer() throws Exception {
    var endpoint = metadata.getTokenEndpointURI().toString();
    assertThat(refused(request(key(triage, endpoint), new ClientCredentialsGrant())))
        .isEqualTo(OAuth2Error.INVALID_CLIENT);
  }
}
