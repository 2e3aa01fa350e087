// openid-client over TLS: clients that prove themselves by certificates, issued by an authority or
// by themselves, and whose tokens are bound to those (RFC 8705).
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as oidc from "openid-client";
import { Agent, fetch as request, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { Authority } from "./lib/authority.mjs";
import { CALLBACK, Company, NOTES } from "./lib/company.mjs";

describe("openid-client, by certificates", { timeout: 180_000 }, () => {
  let authority;
  let company;
  let dispatcher;

  before(async () => {
    authority = new Authority();
    const server = authority.issue("localhost");
    dispatcher = getGlobalDispatcher();
    setGlobalDispatcher(new Agent({ connect: { ca: authority.certificate.cert } }));
    company = await Company.found({
      PROKURA_TLS_CERT: server.path,
      PROKURA_TLS_KEY: server.keyPath,
      PROKURA_CLIENT_AUTHORITIES: authority.certificate.path,
    });
  });

  after(async () => {
    await company?.end();
    setGlobalDispatcher(dispatcher);
    authority?.end();
  });

  /** A client that shows this certificate, or none, on every connection. */
  function configured(id, { cert, key } = {}) {
    const agent = new Agent({ connect: { ca: authority.certificate.cert, cert, key } });
    return oidc.discovery(new URL(company.issuer), id, undefined, oidc.TlsClientAuth(), {
      [oidc.customFetch]: (address, options) => request(address, { ...options, dispatcher: agent }),
    });
  }

  function claims(token) {
    return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
  }

  async function introspected(token) {
    const { id, secret } = company.workload;
    const response = await fetch(`${company.issuer}/oauth2/introspect`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`,
      },
      body: new URLSearchParams({ token }),
    });
    return response.json();
  }

  test("an agent whom an authority certifies by name gets tokens bound to its certificate", async () => {
    const agent = await company.agent("keeper");
    await company.permit(agent.id, ["notes.read"]);
    await company.management.post(`agents/${agent.id}/credentials`, {
      kind: "certificate-name",
      sanDns: "keeper.example",
    });
    const own = authority.issue("keeper.example");
    const asked = { resource: NOTES, scope: "notes.read" };
    const tokens = await oidc.clientCredentialsGrant(await configured(agent.id, own), asked);
    assert.equal(tokens.token_type, "bearer");
    assert.deepEqual(claims(tokens.access_token).cnf, { "x5t#S256": own.thumbprint });
    const told = await introspected(tokens.access_token);
    assert.equal(told.active, true);
    assert.deepEqual(told.cnf, { "x5t#S256": own.thumbprint });

    const strangers = [
      authority.issue("keeper.example.org"),
      authority.selfSigned("keeper.example"),
      undefined,
    ];
    for (const stranger of strangers) {
      const config = await configured(agent.id, stranger);
      await assert.rejects(oidc.clientCredentialsGrant(config, asked), { error: "invalid_client" });
    }
  });

  test("an application with a certificate of its own has its code, and no other does", async () => {
    const application = await company.client("Notebook");
    const own = authority.selfSigned("notebook");
    await company.management.post(`clients/${application.id}/credentials`, {
      kind: "certificate",
      certificate: own.der.toString("base64"),
    });
    const config = await configured(application.id, own);
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const address = oidc.buildAuthorizationUrl(config, {
      redirect_uri: CALLBACK,
      scope: "notes.read offline_access",
      resource: NOTES,
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
    });
    const answer = await company.person.allow(address);
    const thief = await configured(application.id, authority.selfSigned("thief"));
    await assert.rejects(
      oidc.authorizationCodeGrant(thief, new URL(answer), { pkceCodeVerifier }),
      { error: "invalid_client" },
    );
    const tokens = await oidc.authorizationCodeGrant(config, answer, { pkceCodeVerifier });
    assert.deepEqual(claims(tokens.access_token).cnf, { "x5t#S256": own.thumbprint });
    const fresh = await oidc.refreshTokenGrant(config, tokens.refresh_token);
    assert.deepEqual(claims(fresh.access_token).cnf, { "x5t#S256": own.thumbprint });
    await assert.rejects(oidc.refreshTokenGrant(thief, tokens.refresh_token), {
      error: "invalid_client",
    });
  });
});
