// openid-client, asking people who are not in front of it: by a code on a device, and by CIBA; and
// an application under FAPI 2.0 whose requests are signed and whose proofs need nonces.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as oidc from "openid-client";
import { Company, NOTES } from "./lib/company.mjs";

const SETTINGS = { PROKURA_DPOP_NONCE_REQUIRED: "true", PROKURA_REQUEST_OBJECTS: "true" };
const CALLBACK = "https://bank.example/cb";

describe("openid-client, elsewhere", { timeout: 180_000 }, () => {
  let company;

  before(async () => {
    company = await Company.found(SETTINGS);
  });

  after(() => company?.end());

  /** A client of openid-client's, and the errors that it was answered with on its way. */
  async function configured(id, authentication) {
    const errors = [];
    const config = await oidc.discovery(
      new URL(company.issuer),
      id,
      undefined,
      authentication,
      {
        execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks],
        [oidc.customFetch]: async (...request) => {
          const response = await fetch(...request);
          if (response.status >= 400) {
            errors.push((await response.clone().json()).error);
          }
          return response;
        },
      },
    );
    return { config, errors };
  }

  /** Answers the request that the page of this path is about, as it is offered. */
  async function decide(path, decision) {
    const { person } = company;
    await person.open(path);
    const scopes = [...person.page.matchAll(/name="scope" value="([^"]*)"/g)].map((one) => one[1]);
    const action = /<form method="post" action="(\/me\/requests\/[^"]*)"/.exec(person.page)[1];
    assert.deepEqual(scopes, ["notes.read"]);
    const done = await person.submit(action, { scope: scopes[0], decision });
    assert.equal(done.status, 200);
  }

  /** Types in the code that a device shows, and answers what it asks for. */
  async function enter(code, decision) {
    await company.person.open("/device");
    const sent = await company.person.submit("/device", { code });
    await decide(sent.headers.get("location"), decision);
  }

  function onDevice(config) {
    return oidc.initiateDeviceAuthorization(config, { scope: "notes.read", resource: NOTES });
  }

  test("a device without a browser shows a code, and its tokens are bound to its key", async () => {
    const device = await company.client("Television", { public: true });
    const { config, errors } = await configured(device.id, oidc.None());
    const dpop = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair("ES256"));
    const asked = await onDevice(config);
    assert.equal(asked.verification_uri, `${company.issuer}/device`);
    assert.equal(asked.verification_uri_complete, undefined);
    const polling = oidc.pollDeviceAuthorizationGrant(config, asked, undefined, { DPoP: dpop });
    await enter(asked.user_code, "allow");
    const tokens = await polling;
    assert.equal(tokens.token_type, "dpop");
    assert.equal(tokens.scope, "notes.read");
    assert.deepEqual(errors, ["use_dpop_nonce"]);

    const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, {
      DPoP: dpop,
    });
    assert.equal(fresh.token_type, "dpop");
    const other = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair("ES256"));
    await assert.rejects(
      oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP: other }),
      { error: "invalid_grant" },
    );
  });

  test("a device whose person says no is told so", async () => {
    const device = await company.client("Radio", { public: true });
    const { config } = await configured(device.id, oidc.None());
    const asked = await onDevice(config);
    const polling = oidc.pollDeviceAuthorizationGrant(config, asked);
    const refused = assert.rejects(polling, { error: "access_denied" });
    await enter(asked.user_code, "deny");
    await refused;
  });

  test("a person is asked without their browser, and answers at /me", async () => {
    const application = await company.client("Call centre");
    const { config } = await configured(application.id, oidc.ClientSecretPost(application.secret));
    const asked = await oidc.initiateBackchannelAuthentication(config, {
      login_hint: company.personId,
      scope: "openid notes.read",
      resource: NOTES,
      binding_message: "Call 17",
    });
    const polling = oidc.pollBackchannelAuthenticationGrant(config, asked);
    await company.person.open("/me");
    const [, path] = /"(\/me\/requests\/[^"]*)"/.exec(company.person.page);
    await company.person.open(path);
    assert.match(company.person.page, /Call centre/);
    assert.match(company.person.page, /Call 17/);
    await decide(path, "allow");
    const tokens = await polling;
    const claims = tokens.claims();
    assert.equal(claims.sub, company.personId);
    assert.equal(claims.aud, application.id);
    await assert.rejects(
      oidc.pollBackchannelAuthenticationGrant(config, { ...asked, interval: 0 }),
      { error: "invalid_grant" },
    );
  });

  describe("an application under FAPI 2.0", () => {
    let bank;
    let keys;
    let config;
    let errors;

    before(async () => {
      keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
        "sign",
      ]);
      const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", keys.publicKey);
      bank = await company.client("Bank", {
        profile: "fapi2",
        pushedRequestsOnly: true,
        redirectUris: [CALLBACK],
      });
      await company.management.post(`clients/${bank.id}/credentials`, {
        kind: "key",
        jwk: { kty, crv, x, y, alg: "ES256" },
      });
      ({ config, errors } = await configured(bank.id, oidc.PrivateKeyJwt(keys.privateKey)));
    });

    /** The parameters of a request, and the secret that it is redeemed with. */
    async function request() {
      const verifier = oidc.randomPKCECodeVerifier();
      const parameters = {
        redirect_uri: CALLBACK,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        scope: "notes.read",
        resource: NOTES,
      };
      return { verifier, parameters };
    }

    test("signs its pushed request, and proves its key with a nonce", async () => {
      const dpop = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair("ES256"));
      const { verifier, parameters } = await request();
      const signed = await oidc.buildAuthorizationUrlWithJAR(config, parameters, keys.privateKey);
      assert.deepEqual([...signed.searchParams.keys()].sort(), ["client_id", "request"]);
      const pushed = await oidc.buildAuthorizationUrlWithPAR(config, signed.searchParams, {
        DPoP: dpop,
      });
      assert.deepEqual([...pushed.searchParams.keys()].sort(), ["client_id", "request_uri"]);
      const answer = await company.person.allow(pushed);
      const tokens = await oidc.authorizationCodeGrant(
        config,
        answer,
        { pkceCodeVerifier: verifier },
        undefined,
        { DPoP: dpop },
      );
      assert.equal(tokens.token_type, "dpop");
      assert.ok(errors.length > 0 && errors.every((error) => error === "use_dpop_nonce"), errors);
    });

    test("asks nothing by a request that was not pushed", async () => {
      const { parameters } = await request();
      const signed = await oidc.buildAuthorizationUrlWithJAR(config, parameters, keys.privateKey);
      const answer = await company.person.allow(signed);
      assert.equal(answer.searchParams.get("error"), "invalid_request");
      assert.equal(answer.searchParams.get("code"), null);
    });

    test("gets nothing without a proof, and nothing by a request that another key signed", async () => {
      const { verifier, parameters } = await request();
      const pushed = await oidc.buildAuthorizationUrlWithPAR(config, parameters);
      const answer = await company.person.allow(pushed);
      await assert.rejects(
        oidc.authorizationCodeGrant(config, answer, { pkceCodeVerifier: verifier }),
        { error: "invalid_request" },
      );
      const { privateKey } = await crypto.subtle.generateKey(
        { name: "ECDSA", namedCurve: "P-256" },
        true,
        ["sign"],
      );
      const forged = await oidc.buildAuthorizationUrlWithJAR(config, parameters, privateKey);
      await assert.rejects(oidc.buildAuthorizationUrlWithPAR(config, forged.searchParams), {
        error: "invalid_request_object",
      });
    });
  });
});
