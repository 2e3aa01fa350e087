// openid-client, as a web application that proves itself and as a program on somebody's computer.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as oidc from "openid-client";
import { CALLBACK, Company, NOTES } from "./lib/company.mjs";

const AT_CALLBACK = (port) => `http://127.0.0.1:${port}/cb`;

describe("openid-client", { timeout: 120_000 }, () => {
  let company;
  let registered;
  let config;
  let key;

  before(async () => {
    company = await Company.found();
    registered = await company.client("Notebook");
    key = await oidc.randomDPoPKeyPair("ES256");
    config = await configured(registered.id, registered.secret);
  });

  after(() => company?.end());

  async function configured(id, authentication) {
    const configuration = await oidc.discovery(
      new URL(company.issuer),
      id,
      typeof authentication === "string" ? undefined : { token_endpoint_auth_method: "none" },
      typeof authentication === "string"
        ? oidc.ClientSecretBasic(authentication)
        : authentication,
      { execute: [oidc.allowInsecureRequests] },
    );
    // An ID token is not only taken because it came from the token endpoint.
    oidc.enableNonRepudiationChecks(configuration);
    return configuration;
  }

  /** The whole flow: the request, the person's consent, and the tokens. */
  async function flow(configuration, parameters, { pushed = false, dpop, allow } = {}) {
    const verifier = oidc.randomPKCECodeVerifier();
    const state = oidc.randomState();
    const nonce = parameters.scope?.includes("openid") ? oidc.randomNonce() : undefined;
    const request = {
      redirect_uri: CALLBACK,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      ...(nonce ? { nonce } : {}),
      ...parameters,
    };
    const address = pushed
      ? await oidc.buildAuthorizationUrlWithPAR(configuration, request, { DPoP: dpop })
      : oidc.buildAuthorizationUrl(configuration, request);
    const answer = await company.person.allow(address, allow);
    const tokens = await oidc.authorizationCodeGrant(
      configuration,
      answer,
      {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: nonce !== undefined,
        ...(parameters.max_age ? { maxAge: Number(parameters.max_age) } : {}),
      },
      undefined,
      { DPoP: dpop },
    );
    return { address, answer, tokens };
  }

  test("discovery tells what the server can do", () => {
    const metadata = config.serverMetadata();
    assert.equal(metadata.issuer, company.issuer);
    assert.ok(metadata.supportsPKCE("S256"));
    assert.ok(metadata.authorization_response_iss_parameter_supported);
    assert.ok(metadata.dpop_signing_alg_values_supported.includes("ES256"));
  });

  test("code, PKCE, ID token and userinfo", async () => {
    const { answer, tokens } = await flow(config, {
      scope: "openid profile email",
      max_age: "3600",
    });
    assert.equal(answer.searchParams.get("iss"), company.issuer);
    const claims = tokens.claims();
    assert.equal(claims.sub, company.personId);
    assert.equal(claims.aud, registered.id);
    assert.ok(claims.auth_time <= claims.iat);
    const told = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
    assert.equal(told.name, "Erin Example");
    assert.equal(told.preferred_username, "erin");
  });

  test("the same by a pushed request, bound to a key", async () => {
    const dpop = oidc.getDPoPHandle(config, key);
    const { address, tokens } = await flow(
      config,
      { scope: "openid profile" },
      { pushed: true, dpop },
    );
    assert.deepEqual(
      [...address.searchParams.keys()].sort(),
      ["client_id", "request_uri"],
    );
    assert.equal(tokens.token_type, "dpop");
    const { sub } = tokens.claims();
    const told = await oidc.fetchUserInfo(config, tokens.access_token, sub, { DPoP: dpop });
    assert.equal(told.sub, sub);
    const other = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair("ES256"));
    await assert.rejects(oidc.fetchUserInfo(config, tokens.access_token, sub, { DPoP: other }));
    await assert.rejects(oidc.fetchUserInfo(config, tokens.access_token, sub));
  });

  test("a token for an API, introspected by who enforces it, refreshed and revoked", async () => {
    const { tokens } = await flow(
      config,
      { scope: "notes.read notes.write offline_access", resource: NOTES },
      { allow: { scopes: ["notes.read"] } },
    );
    assert.equal(tokens.scope.includes("notes.write"), false);
    const enforcer = await configured(company.workload.id, company.workload.secret);
    const seen = await oidc.tokenIntrospection(enforcer, tokens.access_token);
    assert.equal(seen.active, true);
    assert.equal(seen.sub, company.personId);
    assert.equal(seen.client_id, registered.id);
    assert.equal(seen.aud, NOTES);
    const again = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    assert.equal((await oidc.tokenIntrospection(enforcer, again.access_token)).active, true);
    await oidc.tokenRevocation(config, again.refresh_token ?? tokens.refresh_token);
    assert.equal((await oidc.tokenIntrospection(enforcer, again.access_token)).active, false);
    await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token), {
      error: "invalid_grant",
    });
  });

  test("a refreshed ID token is about the same person", async () => {
    const { tokens } = await flow(config, { scope: "openid offline_access" });
    const again = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    assert.equal(again.claims().sub, tokens.claims().sub);
    assert.equal(again.claims().auth_time, tokens.claims().auth_time);
    const told = await oidc.fetchUserInfo(config, again.access_token, company.personId);
    assert.equal(told.sub, company.personId);
  });

  test("a program without a secret on any port of this computer", async () => {
    const program = await company.client("Notes in the terminal", { public: true });
    const here = await configured(program.id, oidc.None());
    const dpop = oidc.getDPoPHandle(here, key);
    const { answer, tokens } = await flow(
      here,
      { redirect_uri: AT_CALLBACK(51004), scope: "notes.read offline_access", resource: NOTES },
      { dpop },
    );
    assert.equal(answer.port, "51004");
    const again = await oidc.refreshTokenGrant(here, tokens.refresh_token, undefined, {
      DPoP: dpop,
    });
    assert.equal(again.token_type, "dpop");
    await assert.rejects(oidc.refreshTokenGrant(here, tokens.refresh_token), {
      status: 400,
    });
  });

  test("an unbound refresh token is replaced at each use", async () => {
    const program = await company.client("Notes on a phone", { public: true });
    const here = await configured(program.id, oidc.None());
    const { tokens } = await flow(here, { scope: "notes.read offline_access", resource: NOTES });
    const again = await oidc.refreshTokenGrant(here, tokens.refresh_token);
    assert.notEqual(again.refresh_token, tokens.refresh_token);
    await oidc.refreshTokenGrant(here, again.refresh_token);
  });

  test("a no comes back as an error with state and issuer", async () => {
    const denied = flow(
      config,
      { scope: "notes.delete", resource: NOTES, prompt: "consent" },
      { allow: { decision: "deny" } },
    );
    await assert.rejects(denied, { error: "access_denied", code: "OAUTH_AUTHORIZATION_RESPONSE_ERROR" });
    await assert.rejects(flow(config, { scope: "notes.burn", resource: NOTES }), {
      error: "invalid_scope",
    });
  });

  test("a code is good once", async () => {
    const verifier = oidc.randomPKCECodeVerifier();
    const address = oidc.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      scope: "openid",
    });
    const answer = await company.person.allow(address);
    const checks = { pkceCodeVerifier: verifier };
    await oidc.authorizationCodeGrant(config, answer, checks);
    await assert.rejects(oidc.authorizationCodeGrant(config, answer, checks), {
      error: "invalid_grant",
    });
  });
});
