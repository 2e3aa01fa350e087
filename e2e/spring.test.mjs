// Spring Security, as an application that people sign in to and as an API: one that checks tokens by
// itself, with their proofs, and one that asks the server about them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as oauth from "oauth4webapi";
import { Company, NOTES } from "./lib/company.mjs";
import { jar } from "./lib/jar.mjs";
import { freePort } from "./lib/server.mjs";
import { Spring } from "./lib/spring.mjs";

const INSECURE = { [oauth.allowInsecureRequests]: true };

describe("Spring Security", { timeout: 180_000 }, () => {
  let company;
  let spring;
  let caller;
  let server;

  before(async () => {
    company = await Company.found();
    const port = await freePort();
    const login = await company.client("Notes in Spring", {
      redirectUris: [`http://localhost:${port}/login/oauth2/code/prokura`],
    });
    spring = await Spring.start(company.issuer, port, NOTES, login, company.workload);
    caller = await company.agent("caller", { bearerTokens: true });
    caller.secret = await company.secret("agents", caller.id);
    await company.permit(caller.id, ["notes.read", "notes.write"]);
    const issuer = new URL(company.issuer);
    const found = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...INSECURE });
    server = await oauth.processDiscoveryResponse(issuer, found);
  });

  after(async () => {
    await spring?.end();
    await company?.end();
  });

  async function token(scope, options = {}) {
    const client = { client_id: caller.id };
    const response = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      oauth.ClientSecretBasic(caller.secret),
      { resource: NOTES, scope },
      { ...options, ...INSECURE },
    );
    const told = await oauth.processClientCredentialsResponse(server, client, response);
    return told.access_token;
  }

  function get(path, authorization) {
    return fetch(spring.origin + path, { headers: authorization ? { authorization } : {} });
  }

  test("a person signs in, and the application is told who they are", async () => {
    const open = jar(spring.origin);
    let sent = await open("/");
    assert.equal(sent.status, 302);
    sent = await open(sent.headers.get("location"));
    const asked = new URL(sent.headers.get("location"));
    assert.equal(asked.origin, company.issuer);
    assert.equal(asked.searchParams.get("code_challenge_method"), "S256");
    const answer = await company.person.allow(asked);
    const back = await open(answer);
    assert.equal(back.status, 302);
    assert.doesNotMatch(back.headers.get("location"), /error/);
    const page = await open(new URL(back.headers.get("location"), spring.origin));
    assert.equal(page.status, 200);
    assert.deepEqual(await page.json(), { sub: company.personId, name: "Erin Example" });
  });

  for (const path of ["/notes/1", "/asked/1"]) {
    const how = path === "/notes/1" ? "checked" : "asked about";
    test(`a token that is ${how} is let through with its scope and not without`, async () => {
      const good = await get(path, `Bearer ${await token("notes.read")}`);
      assert.equal(good.status, 200);
      assert.deepEqual(await good.json(), { for: caller.id });
      assert.equal((await get(path, `Bearer ${await token("notes.write")}`)).status, 403);
      assert.equal((await get(path, "Bearer e30.e30.e30")).status, 401);
      assert.equal((await get(path)).status, 401);
    });
  }

  test("a revoked token is refused by whoever asks about it", async () => {
    const revoked = await token("notes.read");
    const response = await oauth.revocationRequest(
      server,
      { client_id: caller.id },
      oauth.ClientSecretBasic(caller.secret),
      revoked,
      INSECURE,
    );
    await oauth.processRevocationResponse(response);
    assert.equal((await get("/asked/1", `Bearer ${revoked}`)).status, 401);
  });

  test("a token bound to a key is taken with its proof and not without", async () => {
    const DPoP = oauth.DPoP({ client_id: caller.id }, await oauth.generateKeyPair("ES256"));
    const bound = await token("notes.read", { DPoP });
    const address = new URL("/notes/1", spring.origin);
    const good = await oauth.protectedResourceRequest(bound, "GET", address, undefined, null, {
      DPoP,
      ...INSECURE,
    });
    assert.equal(good.status, 200);
    assert.equal((await get("/notes/1", `DPoP ${bound}`)).status, 401);
    assert.equal((await get("/notes/1", `Bearer ${bound}`)).status, 401);
  });
});
