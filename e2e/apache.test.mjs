// Apache with mod_auth_openidc, as a web application that people sign in to and as an API that asks
// the server about the tokens it is sent.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Apache } from "./lib/apache.mjs";
import { Company, NOTES } from "./lib/company.mjs";
import { jar } from "./lib/jar.mjs";
import { freePort } from "./lib/server.mjs";

describe("mod_auth_openidc", { timeout: 120_000 }, () => {
  let company;
  let apache;
  let caller;

  before(async () => {
    company = await Company.found();
    const port = await freePort();
    const login = await company.client("Intranet", {
      redirectUris: [`http://localhost:${port}/people/callback`],
    });
    apache = await Apache.start(company.issuer, port, login, company.workload);
    caller = await company.agent("caller", { bearerTokens: true });
    caller.secret = await company.secret("agents", caller.id);
    await company.permit(caller.id, ["notes.read", "notes.write"]);
  });

  after(async () => {
    await apache?.end();
    await company?.end();
  });

  async function signedIn(open) {
    const sent = await open("/people/");
    assert.equal(sent.status, 302);
    const asked = new URL(sent.headers.get("location"));
    assert.equal(asked.origin, company.issuer);
    assert.equal(asked.searchParams.get("code_challenge_method"), "S256");
    const answer = await company.person.allow(asked);
    assert.equal(answer.searchParams.get("iss"), company.issuer);
    return open(answer);
  }

  async function token(scope) {
    const response = await fetch(`${company.issuer}/oauth2/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${caller.id}:${caller.secret}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials", resource: NOTES, scope }),
    });
    const told = await response.json();
    assert.equal(response.status, 200, JSON.stringify(told));
    return told.access_token;
  }

  function notes(bearer) {
    const headers = bearer ? { authorization: `Bearer ${bearer}` } : {};
    return fetch(`${apache.origin}/notes/1`, { headers });
  }

  test("a person signs in, and the application is told who they are", async () => {
    const open = jar(apache.origin);
    const back = await signedIn(open);
    assert.equal(back.status, 302, await back.text());
    const page = await open(back.headers.get("location"));
    assert.equal(page.status, 200);
    const told = await page.json();
    assert.equal(told.oidc_claim_sub, company.personId);
    assert.equal(told.oidc_claim_iss, company.issuer);
    assert.equal(told.oidc_claim_name, "Erin Example");
  });

  test("an answer that another browser asked for signs nobody in", async () => {
    const sent = await jar(apache.origin)("/people/");
    const answer = await company.person.allow(new URL(sent.headers.get("location")));
    const response = await jar(apache.origin)(answer);
    assert.notEqual(response.status, 302);
    assert.doesNotMatch(await response.text(), /oidc_claim/);
  });

  test("a token with the scope is let through until it is revoked", async () => {
    const good = await token("notes.read");
    const answered = await notes(good);
    assert.equal(answered.status, 200);
    assert.equal((await answered.json()).oidc_claim_sub, caller.id);
    const revoked = await fetch(`${company.issuer}/oauth2/revoke`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${caller.id}:${caller.secret}`)}` },
      body: new URLSearchParams({ token: good }),
    });
    assert.equal(revoked.status, 200);
    assert.equal((await notes(good)).status, 401);
  });

  test("no token, no good one and one without the scope get nothing", async () => {
    assert.equal((await notes()).status, 401);
    assert.equal((await notes("e30.e30.e30")).status, 401);
    assert.notEqual((await notes(await token("notes.write"))).status, 200);
  });
});
