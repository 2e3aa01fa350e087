// Everything that the server signs, verified by jose with nothing but the published metadata: keys,
// algorithms, types, issuer and audience.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as jose from "jose";
import * as oidc from "openid-client";
import { Callback } from "./lib/callback.mjs";
import { Company, NOTES } from "./lib/company.mjs";

const THERE = "https://partner.example";
const TOKEN_TYPES = "urn:ietf:params:oauth:token-type:";

describe("jose", { timeout: 180_000 }, () => {
  let company;
  let callback;
  let metadata;
  let keys;
  let config;
  let application;
  let tokens;

  before(async () => {
    company = await Company.found();
    callback = await Callback.open();
    application = await company.client("Notebook", {
      redirectUris: [callback.uri],
      backchannelLogoutUri: callback.uri,
    });
    const found = await fetch(`${company.issuer}/.well-known/openid-configuration`);
    metadata = await found.json();
    keys = jose.createRemoteJWKSet(new URL(metadata.jwks_uri));
    config = await oidc.discovery(
      new URL(company.issuer),
      application.id,
      undefined,
      oidc.ClientSecretBasic(application.secret),
      { execute: [oidc.allowInsecureRequests] },
    );
    tokens = await codeFlow();
  });

  after(async () => {
    await callback?.close();
    await company?.end();
  });

  async function codeFlow() {
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const address = oidc.buildAuthorizationUrl(config, {
      redirect_uri: callback.uri,
      scope: "openid notes.read",
      resource: NOTES,
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
    });
    const answer = await company.person.allow(address);
    return oidc.authorizationCodeGrant(config, answer, { pkceCodeVerifier });
  }

  /**
   * The claims of a JWT of this type for this audience; it has to be signed by an algorithm that is
   * told of, under a key that is published, and not taken for any other type or audience.
   */
  async function verified(jwt, typ, audience, algorithms) {
    const wanted = { issuer: company.issuer, audience, typ, algorithms, clockTolerance: 5 };
    const { payload, protectedHeader, key } = await jose.jwtVerify(jwt, keys, wanted);
    assert.ok(protectedHeader.kid);
    assert.equal(key.type, "public");
    const [header, claims, signature] = jwt.split(".");
    const others = [
      [jwt, { ...wanted, typ: "x+jwt" }],
      [jwt, { ...wanted, audience: `${audience}x` }],
      [jwt, { ...wanted, issuer: `${company.issuer}/` }],
      [`${header}.${jose.base64url.encode(JSON.stringify({ ...payload, sub: "x" }))}.${signature}`, wanted],
      [`${jose.base64url.encode('{"alg":"none"}')}.${claims}.`, wanted],
    ];
    for (const [other, options] of others) {
      await assert.rejects(jose.jwtVerify(other, keys, options));
    }
    return payload;
  }

  async function form(path, fields, headers = {}) {
    const { id, secret } = application;
    const response = await fetch(company.issuer + path, {
      method: "POST",
      headers,
      body: new URLSearchParams({ client_id: id, client_secret: secret, ...fields }),
    });
    assert.equal(response.status, 200);
    return response;
  }

  test("the published keys are public, named, and for signatures alone", async () => {
    const { keys: published } = await (await fetch(metadata.jwks_uri)).json();
    assert.ok(published.length > 0);
    assert.equal(new Set(published.map((key) => key.kid)).size, published.length);
    for (const key of published) {
      assert.equal(key.use, "sig");
      assert.ok(["ES256", "EdDSA", "RS256"].includes(key.alg), key.alg);
      for (const secret of ["d", "p", "q", "dp", "dq", "qi", "k"]) {
        assert.equal(key[secret], undefined);
      }
    }
  });

  test("an access token is a JWT for its resource (RFC 9068)", async () => {
    const claims = await verified(tokens.access_token, "at+jwt", NOTES, ["ES256"]);
    assert.equal(claims.sub, company.personId);
    assert.equal(claims.client_id, application.id);
    assert.equal(claims.scope, "notes.read");
    assert.ok(claims.jti && claims.iat && claims.exp > claims.iat);
  });

  test("a resource gets its tokens signed by what it names", async () => {
    for (const algorithm of ["EdDSA", "RS256"]) {
      const identifier = `https://${algorithm.toLowerCase()}.example`;
      const resource = await company.management.post("resources", {
        identifier,
        name: algorithm,
        actions: [{ name: "notes.read", sensitivity: "low" }],
        accessTokenSigningAlg: algorithm,
      });
      await company.permit(company.workload.id, ["notes.read"], "own", resource.id);
      keys = jose.createRemoteJWKSet(new URL(metadata.jwks_uri));
      const { id, secret } = company.workload;
      const response = await form("/oauth2/token", {
        client_id: id,
        client_secret: secret,
        grant_type: "client_credentials",
        resource: identifier,
      });
      const { access_token: token } = await response.json();
      const claims = await verified(token, "at+jwt", identifier, [algorithm]);
      assert.equal(claims.sub, id);
    }
  });

  test("an ID token is for its application, and names its access token", async () => {
    const algorithms = metadata.id_token_signing_alg_values_supported;
    assert.ok(!algorithms.includes("none"));
    const claims = await verified(tokens.id_token, "JWT", application.id, algorithms);
    assert.equal(claims.sub, company.personId);
    const digest = await crypto.subtle.digest(
      "SHA-256",
      new TextEncoder().encode(tokens.access_token),
    );
    assert.equal(claims.at_hash, jose.base64url.encode(new Uint8Array(digest).slice(0, 16)));
  });

  test("what introspection says is signed for whoever asks (RFC 9701)", async () => {
    const { id, secret } = company.workload;
    const response = await fetch(metadata.introspection_endpoint, {
      method: "POST",
      headers: {
        accept: "application/token-introspection+jwt",
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
      },
      body: new URLSearchParams({ token: tokens.access_token }),
    });
    assert.match(response.headers.get("content-type"), /^application\/token-introspection\+jwt/);
    const jwt = await response.text();
    const claims = await verified(jwt, "token-introspection+jwt", id, ["ES256"]);
    assert.equal(claims.token_introspection.active, true);
    assert.equal(claims.token_introspection.sub, company.personId);
    assert.equal(claims.sub, undefined);
    assert.equal(claims.exp, undefined);
  });

  test("an ID-JAG is for the server that it is shown to", async () => {
    await company.management.post("trusted-issuers", {
      issuer: THERE,
      name: "Partner",
      receives: {
        clients: [{ client: application.id, clientId: "notebook-there" }],
        resources: [company.resource.id],
      },
    });
    const response = await form("/oauth2/token", {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      requested_token_type: `${TOKEN_TYPES}id-jag`,
      subject_token: tokens.id_token,
      subject_token_type: `${TOKEN_TYPES}id_token`,
      audience: THERE,
      resource: NOTES,
      scope: "notes.read",
    });
    const { access_token: idJag, token_type: type } = await response.json();
    assert.equal(type, "N_A");
    const claims = await verified(idJag, "oauth-id-jag+jwt", THERE, ["ES256"]);
    assert.equal(claims.client_id, "notebook-there");
    assert.ok(claims.sub && claims.jti);
  });

  test("a logout token tells the application who has left, and of which session", async () => {
    const { sid } = tokens.claims();
    await company.person.signOut();
    const { method, address } = await callback.next();
    assert.equal(method, "POST");
    const algorithms = metadata.id_token_signing_alg_values_supported;
    const jwt = address.searchParams.get("logout_token");
    const claims = await verified(jwt, "logout+jwt", application.id, algorithms);
    assert.equal(claims.sub, company.personId);
    assert.equal(claims.sid, sid);
    assert.deepEqual(Object.keys(claims.events), [
      "http://schemas.openid.net/event/backchannel-logout",
    ]);
    assert.equal(claims.nonce, undefined);
  });
});
