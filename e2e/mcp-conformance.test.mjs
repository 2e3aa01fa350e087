// The conformance suite of the Model Context Protocol, in the role of a client that a person lets
// in: its scenarios for authorization servers.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Company, NOTES } from "./lib/company.mjs";

const SUITE = fileURLToPath(
  new URL("./node_modules/@modelcontextprotocol/conformance/dist/index.js", import.meta.url),
);
const LOADER = fileURLToPath(new URL("./lib/globless.mjs", import.meta.url));
const LASTS_MAX = 60_000;

/** A port that nobody listens on. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("MCP conformance", { timeout: 180_000 }, () => {
  let company;

  before(async () => {
    company = await Company.found();
  });

  after(async () => {
    await company?.end();
  });

  /**
   * Runs the suite against the server; the person opens the address that it prints, allows, and is
   * sent back to it. Returns its status and what it printed.
   */
  async function run(...given) {
    const child = spawn(
      process.execPath,
      ["--import", LOADER, SUITE, "authorization", "--url", company.issuer, ...given.map(String)],
      { stdio: ["ignore", "pipe", "pipe"], timeout: LASTS_MAX },
    );
    const shown = new RegExp(`${company.issuer}/oauth2/authorize\\?\\S+(?=\\n)`);
    let printed = "";
    let person;
    child.stderr.on("data", (text) => (printed += text));
    child.stdout.on("data", (text) => {
      printed += text;
      person ??= shown.test(printed) ? allow(shown.exec(printed)[0]) : undefined;
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    await person;
    return { status, printed };
  }

  async function allow(address) {
    const back = await company.person.allow(address);
    const response = await fetch(back);
    assert.equal(response.status, 200);
  }

  // Where a server has public clients too, the suite never sends a secret, so it can't play another.
  for (const revision of ["2025-11-25", "2026-07-28"]) {
    for (const resource of [[], ["--resource", NOTES]]) {
      const named = resource.length > 0 ? "names the resource" : "names no resource";
      test(`${revision}, for a public client that ${named}`, async () => {
        const port = await freePort();
        const client = await company.client(`MCP host of ${revision} that ${named}`, {
          public: true,
          redirectUris: [`http://127.0.0.1:${port}/callback`],
        });
        const told = ["--client-id", client.id, "--port", port, "--spec-version", revision];
        const { status, printed } = await run(...told, ...resource);
        assert.equal(status, 0, printed);
        assert.match(printed, /authorization-server-metadata-endpoint: 2 passed, 0 failed/);
        assert.match(printed, /authorization-code-grant: 1 passed, 0 failed/);
      });
    }
  }
});
