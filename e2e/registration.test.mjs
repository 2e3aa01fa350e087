// The MCP client for TypeScript where it registers itself: what does so and asks for what agents use
// is an agent that nobody knows, and gets nothing until somebody has adopted it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { Company } from "./lib/company.mjs";
import { Crm } from "./lib/crm.mjs";
import { connected, Host, transport } from "./lib/host.mjs";
import { freePort } from "./lib/server.mjs";

describe("MCP hosts that register themselves", { timeout: 180_000 }, () => {
  let company;
  let crm;

  before(async () => {
    company = await Company.found({ PROKURA_REGISTRATION: "open" });
    crm = await Crm.open(company);
  });

  after(async () => {
    await crm?.end();
    await company?.end();
  });

  async function discovered() {
    const { items } = await company.management.get("agents?limit=200");
    return items.filter((agent) => agent.state === "discovered");
  }

  /** An administrator says whose the agent is and what it is for, and lets it act for people. */
  async function adopt(agent) {
    const { management, personId } = company;
    const purpose = await management.post("purposes", {
      name: `work.${agent.id}`,
      description: "Look up customers.",
      owner: personId,
      covers: [{ resource: crm.resource.id, actions: ["tickets.read", "contacts.read"] }],
    });
    const backup = await management.post("users", { userName: `backup-of-${agent.id}` });
    await management.replace(`agents/${agent.id}`, {
      name: "Desktop host",
      owner: personId,
      backupOwner: backup.id,
      purposes: [purpose.id],
      environment: "production",
      risk: "low",
      bearerTokens: true,
    });
    await management.post(`agents/${agent.id}/adopt`, { reason: "people use it here" });
    await management.post(`agents/${agent.id}/activate`, { reason: "it is ready" });
    await company.permit(
      agent.id,
      ["tickets.read", "contacts.read"],
      "onBehalf",
      crm.resource.id,
    );
  }

  for (const name of ["127.0.0.1", "localhost"]) {
    test(`one at http://${name} is refused, adopted, and then acts for who is at it`, async () => {
      const redirect = `http://${name}:${await freePort()}/callback`;
      const host = new Host(undefined, redirect);
      await assert.rejects(connected(crm.url, host), UnauthorizedError);
      const { client_id: id } = host.information;
      assert.equal(host.information.token_endpoint_auth_method, "none");
      assert.equal(host.address.searchParams.get("client_id"), id);
      assert.equal(host.address.searchParams.get("resource"), crm.url);

      // Nobody is asked, and the program is told whom to tell its administrator of.
      const refused = await company.person.allow(host.address);
      assert.equal(refused.origin + refused.pathname, redirect);
      assert.equal(refused.searchParams.get("error"), "unauthorized_client");
      assert.equal(refused.searchParams.get("code"), null);
      const [agent, ...others] = await discovered();
      assert.deepEqual(others, []);
      assert.match(refused.searchParams.get("error_description"), new RegExp(agent.id));
      await adopt(agent);
      assert.deepEqual(await discovered(), []);

      // The same program goes on with what it has kept: it does not register itself again.
      await assert.rejects(connected(crm.url, host), UnauthorizedError);
      assert.equal(host.information.client_id, id);
      const answer = await company.person.allow(host.address);
      assert.match(company.person.page + answer, /code=/);
      assert.equal(answer.searchParams.get("iss"), company.issuer);
      await transport(crm.url, host).finishAuth(answer.searchParams.get("code"));
      const client = await connected(crm.url, host);
      const read = await client.callTool({ name: "tickets.read", arguments: {} });
      assert.equal(read.isError ?? false, false);
      const claims = JSON.parse(
        Buffer.from(host.saved.access_token.split(".")[1], "base64url").toString(),
      );
      assert.equal(claims.sub, company.personId);
      assert.equal(claims.act.sub, agent.id);
      assert.equal(claims.act.unproven, true);

      // Suspended it does nothing more: not by its token, by refreshing it, or by being asked for.
      await company.management.post(`agents/${agent.id}/suspend`, { reason: "a look at it" });
      const denied = await client
        .callTool({ name: "tickets.read", arguments: {} })
        .catch((error) => error);
      assert.ok(denied instanceof Error || denied.isError, JSON.stringify(denied));
      assert.doesNotMatch(JSON.stringify(denied), /printer on fire/);
      host.saved = { ...host.saved, access_token: "e30.e30.e30" };
      await assert.rejects(connected(crm.url, host));
      const again = await company.person.allow(host.address);
      assert.equal(again.searchParams.get("error"), "unauthorized_client");
      assert.equal(again.searchParams.get("code"), null);
    });
  }

  test("one that could be anywhere registers nothing", async () => {
    for (const redirect of [
      "http://app.example/callback",
      "com.example.app:/callback",
      "https://app.example/#fragment",
    ]) {
      const host = new Host(undefined, redirect);
      await assert.rejects(connected(crm.url, host), /redirect/);
      assert.equal(host.information, undefined);
    }
  });
});
