// The official MCP client for TypeScript, and mcp-remote, which desktop applications use: both find
// their way from the address of an MCP server to a token for it by themselves.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import {
  ClientCredentialsProvider,
  PrivateKeyJwtProvider,
} from "@modelcontextprotocol/sdk/client/auth-extensions.js";
import { Company } from "./lib/company.mjs";
import { Crm } from "./lib/crm.mjs";
import { connected as connectedAt, Host, REDIRECT, transport } from "./lib/host.mjs";
import { freePort, HOME, Program } from "./lib/server.mjs";

describe("MCP", { timeout: 180_000 }, () => {
  let company;
  let crm;
  let host;

  before(async () => {
    company = await Company.found();
    crm = await Crm.open(company);
    host = await company.client("Host", {
      public: true,
      redirectUris: ["http://127.0.0.1/callback", "http://localhost/oauth/callback"],
      resource: undefined,
    });
  });

  after(async () => {
    await crm?.end();
    await company?.end();
  });

  const connected = (authProvider) => connectedAt(crm.url, authProvider);

  /** Has the person allow what the client asks for, and gives it the code. */
  async function allow(kept) {
    const answer = await company.person.allow(kept.address);
    assert.equal(answer.origin + answer.pathname, REDIRECT);
    assert.equal(answer.searchParams.get("iss"), company.issuer);
    await transport(crm.url, kept).finishAuth(answer.searchParams.get("code"));
  }

  test("from the address of the server to a tool call, and to more when more is needed", async () => {
    const kept = new Host(host.id);
    await assert.rejects(connected(kept), UnauthorizedError);
    const asked = kept.address.searchParams;
    assert.equal(asked.get("resource"), crm.url);
    assert.equal(asked.get("code_challenge_method"), "S256");
    assert.equal(asked.get("scope"), "tickets.read contacts.read");
    await allow(kept);

    const client = await connected(kept);
    const { tools } = await client.listTools();
    assert.ok(tools.some((tool) => tool.name === "contacts.read"));
    const read = await client.callTool({ name: "contacts.read", arguments: { contact: "c-17" } });
    assert.equal(read.isError ?? false, false);
    assert.equal(read.structuredContent.id, "c-17");

    // What the token does not cover takes the person once more. Where the client holds a refresh
    // token it would refresh instead, which never gives more than was granted.
    delete kept.saved.refresh_token;
    const remove = { name: "contacts.delete", arguments: { contact: "c-17" } };
    await assert.rejects(client.callTool(remove), UnauthorizedError);
    assert.equal(
      kept.address.searchParams.get("scope"),
      "contacts.delete contacts.read tickets.read",
    );
    await allow(kept);
    const more = await connected(kept);
    const removed = await more.callTool(remove);
    assert.equal(removed.isError ?? false, false);
    assert.equal(removed.structuredContent.deleted, "c-17");

    // What the person may not do themselves they cannot give: they are asked for the rest, and the
    // answer says what was granted.
    delete kept.saved.refresh_token;
    const exported = { name: "contacts.export", arguments: {} };
    await assert.rejects(more.callTool(exported), UnauthorizedError);
    assert.ok(kept.address.searchParams.get("scope").split(" ").includes("contacts.export"));
    await allow(kept);
    assert.equal(kept.saved.scope, "contacts.delete contacts.read tickets.read");
    delete kept.saved.refresh_token;
    await assert.rejects((await connected(kept)).callTool(exported), UnauthorizedError);
  });

  test("a token that is not good any more is refreshed without anybody being asked", async () => {
    const kept = new Host(host.id);
    await assert.rejects(connected(kept), UnauthorizedError);
    await allow(kept);
    const { refresh_token: before } = kept.saved;
    kept.saved = { ...kept.saved, access_token: "e30.e30.e30" };
    kept.address = undefined;
    const client = await connected(kept);
    assert.equal(kept.address, undefined);
    assert.notEqual(kept.saved.refresh_token, before);
    const read = await client.callTool({ name: "tickets.read", arguments: {} });
    assert.equal(read.isError ?? false, false);
  });

  test("an agent with a secret, and one with a key, get tokens for themselves", async () => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(
      { name: "ECDSA", namedCurve: "P-256" },
      true,
      ["sign"],
    );
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
    const agent = await company.agent("reader", {
      jwk: { kty, crv, x, y, alg: "ES256" },
      bearerTokens: true,
      resource: crm.resource,
      actions: ["tickets.read", "contacts.read"],
    });
    await company.permit(agent.id, ["tickets.read"], "own", crm.resource.id);
    const secret = await company.secret("agents", agent.id);
    const providers = [
      new ClientCredentialsProvider({
        clientId: agent.id,
        clientSecret: secret,
        expectedIssuer: company.issuer,
        scope: "tickets.read",
      }),
      new PrivateKeyJwtProvider({
        clientId: agent.id,
        privateKey: await crypto.subtle.exportKey("jwk", privateKey),
        algorithm: "ES256",
        expectedIssuer: company.issuer,
        scope: "tickets.read",
      }),
    ];
    for (const provider of providers) {
      const client = await connected(provider);
      const read = await client.callTool({ name: "tickets.read", arguments: {} });
      assert.equal(read.isError ?? false, false);
      await assert.rejects(
        client.callTool({ name: "contacts.read", arguments: { contact: "c-17" } }),
      );
    }
  });

  test("mcp-remote takes what a desktop application says over to the server", async () => {
    const port = await freePort();
    const folder = join(company.server.folder, "mcp-remote");
    const remote = new Program(
      process.execPath,
      [
        join(HOME, "e2e/node_modules/mcp-remote/dist/proxy.js"),
        crm.url,
        String(port),
        "--transport",
        "http-only",
        "--allow-http",
        "--static-oauth-client-info",
        JSON.stringify({ client_id: host.id }),
      ],
      // Nothing opens a browser here: the person goes to the address that is printed.
      { env: { ...company.server.env, MCP_REMOTE_CONFIG_DIR: folder, BROWSER: "true" } },
    );
    try {
      const say = (message) =>
        remote.child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
      const answerTo = async (id) =>
        JSON.parse((await remote.line(new RegExp(`^\\{.*"id":${id}[,}].*$`), 30_000))[0]);
      await remote.line(/callback server running/, 30_000);
      const [address] = await remote.line(/http:\S+\/oauth2\/authorize\?\S+/, 30_000);
      const answer = await company.person.allow(address);
      assert.equal(answer.port, String(port));
      assert.equal((await fetch(answer)).status, 200);

      say({
        id: 1,
        method: "initialize",
        params: {
          protocolVersion: "2025-06-18",
          capabilities: {},
          clientInfo: { name: "desktop", version: "1" },
        },
      });
      assert.equal((await answerTo(1)).result.serverInfo.name, "CRM");
      say({ method: "notifications/initialized" });
      say({ id: 2, method: "tools/call", params: { name: "tickets.read", arguments: {} } });
      const { result } = await answerTo(2);
      assert.equal(result.isError ?? false, false);
      assert.match(result.content[0].text, /printer on fire/);
    } finally {
      await remote.end();
    }
  });
});
