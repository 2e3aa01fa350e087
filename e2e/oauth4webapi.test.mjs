// oauth4webapi, as an agent with a key of its own: the client credentials grant, and the exchange
// of what a person delegated; and as a web application that proves itself by a signed assertion.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as oauth from "oauth4webapi";
import { CALLBACK, Company, NOTES } from "./lib/company.mjs";

const INSECURE = { [oauth.allowInsecureRequests]: true };
const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const DELEGATION = "urn:prokura:params:oauth:token-type:delegation";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

describe("oauth4webapi", { timeout: 120_000 }, () => {
  let company;
  let server;
  let agent;
  let keys;

  before(async () => {
    company = await Company.found();
    const issuer = new URL(company.issuer);
    const found = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...INSECURE });
    server = await oauth.processDiscoveryResponse(issuer, found);
    keys = await oauth.generateKeyPair("ES256", { extractable: true });
    agent = await company.agent("keeper", { jwk: await publicHalf(keys) });
    await company.permit(agent.id, ["notes.read"]);
    await company.permit(agent.id, ["notes.read", "notes.write"], "onBehalf");
  });

  after(() => company?.end());

  async function publicHalf(pair) {
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
    return { kty, crv, x, y, alg: "ES256", use: "sig" };
  }

  function proving(pair = keys) {
    return oauth.PrivateKeyJwt(pair.privateKey);
  }

  async function dpopKey(client) {
    return oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
  }

  async function ownToken(DPoP, parameters = { resource: NOTES, scope: "notes.read" }) {
    const client = { client_id: agent.id };
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      proving(),
      parameters,
      { DPoP, ...INSECURE },
    );
    return oauth.processClientCredentialsResponse(server, client, response);
  }

  async function introspect(token) {
    const client = { client_id: company.workload.id };
    const response = await oauth.introspectionRequest(
      server,
      client,
      oauth.ClientSecretBasic(company.workload.secret),
      token,
      INSECURE,
    );
    return oauth.processIntrospectionResponse(server, client, response);
  }

  test("an agent proves itself by its key and gets a token bound to another", async () => {
    const client = { client_id: agent.id };
    const bound = await ownToken(await dpopKey(client));
    assert.equal(bound.token_type, "dpop");
    assert.equal(bound.scope, "notes.read");
    const seen = await introspect(bound.access_token);
    assert.equal(seen.active, true);
    assert.equal(seen.sub, agent.id);
    assert.equal(typeof seen.cnf.jkt, "string");
  });

  test("the access token is one that a resource server can check by itself", async () => {
    const DPoP = await dpopKey({ client_id: agent.id });
    const { access_token: token } = await ownToken(DPoP);
    const request = new Request(`${NOTES}/1`, { headers: { authorization: `DPoP ${token}` } });
    // Without the proof that belongs to it the library refuses the token.
    await assert.rejects(oauth.validateJwtAccessToken(server, request, NOTES, INSECURE));
    let proof;
    await oauth
      .protectedResourceRequest(token, "GET", new URL(`${NOTES}/1`), undefined, undefined, {
        DPoP,
        [oauth.customFetch]: async (_, sent) => {
          proof = new Headers(sent.headers).get("dpop");
          return new Response();
        },
      });
    request.headers.set("dpop", proof);
    const claims = await oauth.validateJwtAccessToken(server, request, NOTES, INSECURE);
    assert.equal(claims.sub, agent.id);
    assert.equal(claims.iss, company.issuer);
    await assert.rejects(
      oauth.validateJwtAccessToken(server, request, "https://other.example", INSECURE),
    );
  });

  test("another key than the agent's gets nothing", async () => {
    const client = { client_id: agent.id };
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      proving(await oauth.generateKeyPair("ES256")),
      { resource: NOTES },
      INSECURE,
    );
    await assert.rejects(oauth.processClientCredentialsResponse(server, client, response), {
      error: "invalid_client",
    });
  });

  test("a scope beyond what the agent may is refused", async () => {
    const DPoP = await dpopKey({ client_id: agent.id });
    const wanting = ownToken(DPoP, { resource: NOTES, scope: "notes.delete" });
    await assert.rejects(wanting, { error: "invalid_scope" });
  });

  test("an agent that proves no key gets no token", async () => {
    await assert.rejects(ownToken(undefined), { error: "invalid_request" });
  });

  test("an agent exchanges what a person delegated to it, and names both", async () => {
    const given = await company.management.post("delegations", {
      delegator: company.personId,
      delegate: agent.id,
      purpose: agent.purpose.id,
      covers: [{ resource: company.resource.id, actions: ["notes.read", "notes.write"] }],
    });
    const client = { client_id: agent.id };
    const DPoP = await dpopKey(client);
    const own = await ownToken(DPoP);
    const parameters = {
      subject_token: given.id,
      subject_token_type: DELEGATION,
      actor_token: own.access_token,
      actor_token_type: ACCESS_TOKEN,
      resource: NOTES,
      scope: "notes.write",
    };
    const response = await oauth.genericTokenEndpointRequest(
      server,
      client,
      proving(),
      EXCHANGE,
      parameters,
      { DPoP, ...INSECURE },
    );
    const exchanged = await oauth.processGenericTokenEndpointResponse(server, client, response);
    assert.equal(exchanged.issued_token_type, ACCESS_TOKEN);
    const seen = await introspect(exchanged.access_token);
    assert.equal(seen.sub, company.personId);
    assert.equal(seen.act.sub, agent.id);
    assert.equal(seen.scope, "notes.write");

    await company.management.post(`delegations/${given.id}/revoke`, { reason: "it is done" });
    assert.equal((await introspect(exchanged.access_token)).active, false);
    const late = await oauth.genericTokenEndpointRequest(
      server,
      client,
      proving(),
      EXCHANGE,
      parameters,
      { DPoP, ...INSECURE },
    );
    await assert.rejects(oauth.processGenericTokenEndpointResponse(server, client, late), {
      name: "ResponseBodyError",
    });
  });

  test("a person lets an agent act through an application", async () => {
    const pair = await oauth.generateKeyPair("ES256");
    const application = await company.client("Desk");
    await company.management.post(`clients/${application.id}/credentials`, {
      kind: "key",
      jwk: await publicHalf(pair),
    });
    const client = { client_id: application.id };
    const DPoP = await dpopKey(client);
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const pushing = await oauth.pushedAuthorizationRequest(
      server,
      client,
      proving(pair),
      {
        response_type: "code",
        redirect_uri: CALLBACK,
        state,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        resource: NOTES,
        scope: "notes.read offline_access",
        requested_actor: agent.id,
      },
      { DPoP, ...INSECURE },
    );
    const pushed = await oauth.processPushedAuthorizationResponse(server, client, pushing);
    const address = new URL(server.authorization_endpoint);
    address.searchParams.set("client_id", application.id);
    address.searchParams.set("request_uri", pushed.request_uri);
    const answer = oauth.validateAuthResponse(
      server,
      client,
      await company.person.allow(address),
      state,
    );

    const actor = async () => {
      const own = await ownToken(DPoP);
      return { actor_token: own.access_token, actor_token_type: ACCESS_TOKEN };
    };
    const redeeming = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      proving(pair),
      answer,
      CALLBACK,
      verifier,
      { DPoP, additionalParameters: await actor(), ...INSECURE },
    );
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, redeeming);
    const seen = await introspect(tokens.access_token);
    assert.equal(seen.sub, company.personId);
    assert.equal(seen.act.sub, agent.id);
    assert.equal(seen.client_id, application.id);

    const refresh = async (additionalParameters) => {
      const response = await oauth.refreshTokenGrantRequest(
        server,
        client,
        proving(pair),
        tokens.refresh_token,
        { DPoP, additionalParameters, ...INSECURE },
      );
      return oauth.processRefreshTokenResponse(server, client, response);
    };
    await assert.rejects(refresh({}), { name: "ResponseBodyError" });
    const again = await refresh(await actor());
    assert.equal((await introspect(again.access_token)).act.sub, agent.id);
    const revoking = await oauth.revocationRequest(
      server,
      client,
      proving(pair),
      tokens.refresh_token,
      INSECURE,
    );
    await oauth.processRevocationResponse(revoking);
    assert.equal((await introspect(again.access_token)).active, false);
  });
});
