// @asgardeo/javascript as its makers tell developers of agents to use it: an agent signs in through
// an application, and acts for a person who allows it. For CIBA it has no function; there
// openid-client speaks to the place of Asgardeo's, with the agent's token from the SDK.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import {
  AsgardeoAPIError,
  AsgardeoAuthException,
  AsgardeoJavaScriptClient,
} from "@asgardeo/javascript";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import * as oidc from "openid-client";
import { CALLBACK, Company, NOTES } from "./lib/company.mjs";

const REGISTERED = { idTokenSignedResponseAlg: "RS256" };

describe("@asgardeo/javascript", { timeout: 180_000 }, () => {
  let company;
  let application;
  let agent;

  before(async () => {
    company = await Company.found({ PROKURA_ASGARDEO: "true" });
    application = await company.client("Assistant", REGISTERED);
    agent = await agentNamed("triage", { bearerTokens: true });
  });

  after(() => company?.end());

  /** An agent with a secret, which reads for itself and writes for people. */
  async function agentNamed(name, more) {
    const made = await company.agent(name, more);
    await company.permit(made.id, ["notes.read"]);
    await company.permit(made.id, ["notes.read", "notes.write"], "onBehalf");
    const secret = await company.secret("agents", made.id);
    return { ...made, config: { agentID: made.id, agentSecret: secret } };
  }

  /**
   * The SDK as an application uses it, with what docs/asgardeo.md says to set. Its constructor
   * begins to store that and does not say when it is done: in the turn in which it is made it knows
   * nothing yet.
   */
  async function sdk(of, { scopes = ["openid", "notes.read"], ...more } = {}) {
    const client = new AsgardeoJavaScriptClient({
      afterSignInUrl: CALLBACK,
      baseUrl: company.issuer,
      clientId: of.id,
      clientSecret: of.secret,
      scopes,
      wellKnownEndpoint: `${company.issuer}/.well-known/openid-configuration`,
      ...more,
    });
    await turn();
    return client;
  }

  /** What a resource server finds in an access token. */
  async function verified(token) {
    const keys = createRemoteJWKSet(new URL(`${company.issuer}/oauth2/jwks`));
    const { payload } = await jwtVerify(token, keys, {
      issuer: company.issuer,
      audience: NOTES,
      typ: "at+jwt",
    });
    return payload;
  }

  /** The person allows what an agent asks for; the SDK gets what the application is sent. */
  async function onBehalf(client, config, allow) {
    const address = await client.getOBOSignInURL(config);
    const answer = await company.person.allow(address, allow);
    return Object.fromEntries(answer.searchParams);
  }

  /** What the SDK throws where the server refuses; its message is the server's answer. */
  const refused = (error, status) => (thrown) =>
    thrown instanceof AsgardeoAPIError &&
    thrown.statusCode === status &&
    thrown.message.includes(error);

  const notRedeemed = (error) => (thrown) =>
    thrown instanceof AsgardeoAuthException && thrown.message.error === error;

  test("an agent signs in through an application", async () => {
    const tokens = await (await sdk(application)).getAgentToken(agent.config);
    assert.equal(tokens.tokenType.toLowerCase(), "bearer");
    assert.equal(tokens.refreshToken, undefined);
    const claims = await verified(tokens.accessToken);
    assert.equal(claims.sub, agent.id);
    assert.equal(claims.client_id, application.id);
    assert.equal(claims.aut, "AGENT");
    assert.equal(claims.scope, "notes.read");
    assert.equal(claims.act, undefined);
    // The SDK has verified it.
    const told = decodeJwt(tokens.idToken);
    assert.equal(told.sub, agent.id);
    assert.equal(told.aud, application.id);
  });

  test("through an application that has no secret too", async () => {
    const program = await company.client("Terminal", { ...REGISTERED, public: true });
    const tokens = await (await sdk(program)).getAgentToken(agent.config);
    assert.equal((await verified(tokens.accessToken)).client_id, program.id);
  });

  test("by its own secret alone", async () => {
    const client = await sdk(application);
    const { name, password } = company.person;
    const wrong = { agentID: agent.id, agentSecret: `${agent.config.agentSecret.slice(0, -1)}_` };
    const somebody = { agentID: name, agentSecret: password };
    const itself = { agentID: application.id, agentSecret: application.secret };
    for (const config of [wrong, somebody, itself]) {
      await assert.rejects(client.getAgentToken(config), /Agent authentication failed/);
    }
  });

  test("an ID token by another algorithm than the SDK takes is what it refuses", async () => {
    const other = await company.client("Forgotten");
    await assert.rejects((await sdk(other)).getAgentToken(agent.config), {
      code: "ERR_JOSE_ALG_NOT_ALLOWED",
    });
  });

  test("an agent whose tokens are bound gets none without a proof of its key", async () => {
    const bound = await agentNamed("bound", {});
    await assert.rejects(
      (await sdk(application)).getAgentToken(bound.config),
      notRedeemed("invalid_request"),
    );
  });

  test("an agent acts for the person who allows it", async () => {
    const client = await sdk(application, { scopes: ["openid", "notes.read", "notes.write"] });
    const answer = await onBehalf(client, agent.config, { scopes: ["notes.write"] });
    // The SDK asks for the agent's own token with the same scopes, of which the agent has one.
    const own = await client.getAgentToken(agent.config);
    assert.equal((await verified(own.accessToken)).scope, "notes.read");
    const tokens = await client.getOBOToken(agent.config, answer);
    const claims = await verified(tokens.accessToken);
    assert.equal(claims.sub, company.personId);
    assert.equal(claims.act.sub, agent.id);
    assert.equal(claims.aut, "APPLICATION_USER");
    assert.equal(claims.scope, "notes.write");
    assert.equal(decodeJwt(tokens.idToken).sub, company.personId);
    assert.equal(decodeJwt(tokens.idToken).aut, "APPLICATION_USER");
  });

  test("no other agent acts in the place of the one that was allowed", async () => {
    const other = await agentNamed("other", { bearerTokens: true });
    const client = await sdk(application);
    const answer = await onBehalf(client, agent.config);
    await assert.rejects(client.getOBOToken(other.config, answer), notRedeemed("invalid_grant"));
  });

  test("an agent that is suspended neither signs in nor is asked for", async () => {
    const idle = await agentNamed("idle", { bearerTokens: true });
    const client = await sdk(application);
    const answer = await onBehalf(client, idle.config);
    await company.management.post(`agents/${idle.id}/suspend`, { reason: "it is not needed" });
    await assert.rejects(client.getAgentToken(idle.config), /Agent authentication failed/);
    await assert.rejects(client.getOBOToken(idle.config, answer), /Agent authentication failed/);
    const asked = await company.person.allow(await client.getOBOSignInURL(idle.config));
    assert.equal(asked.searchParams.get("error"), "invalid_request");
    assert.match(asked.searchParams.get("error_description"), /requested_actor/);
  });

  test("what is wrong with a request is what the SDK tells", async () => {
    const scopes = ["openid", "notes.burn"];
    await assert.rejects(
      (await sdk(application, { scopes })).getAgentToken(agent.config),
      refused("invalid_scope", 400),
    );
    await assert.rejects(
      (await sdk(application, { afterSignInUrl: "https://evil.example" })).getAgentToken(agent.config),
      refused("invalid_request", 400),
    );
    await assert.rejects(
      (await sdk(application, { enablePKCE: false })).getAgentToken(agent.config),
      refused("code_challenge", 400),
    );
  });

  test("an agent asks a person who is elsewhere, and acts once they have allowed it", async () => {
    const { accessToken } = await (await sdk(application)).getAgentToken(agent.config);
    const metadata = await (
      await fetch(`${company.issuer}/.well-known/openid-configuration`)
    ).json();
    const config = new oidc.Configuration(
      { ...metadata, backchannel_authentication_endpoint: `${company.issuer}/oauth2/ciba` },
      application.id,
      { id_token_signed_response_alg: "RS256" },
      oidc.ClientSecretPost(application.secret),
    );
    oidc.allowInsecureRequests(config);
    const asked = await oidc.initiateBackchannelAuthentication(config, {
      scope: "openid internal_login notes.read notes.write",
      login_hint: company.person.name,
      binding_message: "Note 4711",
      actor_token: accessToken,
      notification_channel: "external",
      requested_expiry: "300",
    });
    assert.equal(new URL(asked.auth_url).origin, company.issuer);
    assert.ok(asked.expires_in <= 300);
    const polling = oidc.pollBackchannelAuthenticationGrant(config, asked);
    await allowElsewhere(new URL(asked.auth_url).pathname, "notes.read");
    const tokens = await polling;
    const claims = await verified(tokens.access_token);
    assert.equal(claims.sub, company.personId);
    assert.equal(claims.act.sub, agent.id);
    assert.equal(claims.aut, "APPLICATION_USER");
    assert.equal(claims.scope, "notes.read");
    assert.equal(tokens.claims().sub, company.personId);
  });

  /** The person finds what waits for them, and allows one scope of it. */
  async function allowElsewhere(path, scope) {
    const { person } = company;
    await person.open(path);
    await person.open(/href="(\/me\/requests\/[^"]*)"/.exec(person.page)[1]);
    assert.match(person.page, /Note 4711/);
    const action = /<form method="post" action="(\/me\/requests\/[^"]*)"/.exec(person.page)[1];
    const done = await person.submit(action, { scope, decision: "allow" });
    assert.equal(done.status, 200);
  }
});
