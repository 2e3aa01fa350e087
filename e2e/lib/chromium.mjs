// Debian's Chromium, and what is watched whenever it shows a page of the server.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const WITHIN = 15_000;

/** How pages are looked at: by day and by night, on a desk and on a narrow phone. */
export const LOOKS = ["light", "dark"].flatMap((colorScheme) => [
  { colorScheme, width: 1280, height: 900 },
  { colorScheme, width: 320, height: 640 },
]);

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // Chromium's own sandbox does not run as root.
    args: process.getuid() === 0 ? ["--no-sandbox"] : [],
    timeout: 60_000,
  });
}

/** A tab in a browser of its own, and what went wrong in it. */
export class Tab {
  static async open(browser, server, options = {}) {
    const tab = new Tab();
    tab.server = server;
    tab.faults = [];
    tab.context = await browser.newContext({ baseURL: server.issuer, ...options });
    tab.page = await tab.context.newPage();
    tab.page.setDefaultTimeout(WITHIN);
    tab.page.on("pageerror", (error) => tab.faults.push(`script: ${error}`));
    tab.page.on("console", (message) => {
      // What the server refuses, the browser tells as well.
      if (message.type() === "error" && !/status of [45]\d\d/.test(message.text())) {
        tab.faults.push(`console: ${message.text()}`);
      }
    });
    tab.page.on("request", (request) => {
      const { origin, hostname } = new URL(request.url());
      if (origin !== server.issuer && hostname !== "127.0.0.1") {
        tab.faults.push(`another host is asked: ${origin}`);
      }
    });
    return tab;
  }

  /** A virtual authenticator that holds passkeys and says that its user is present and verified. */
  async withAuthenticator() {
    this.devtools = await this.context.newCDPSession(this.page);
    await this.devtools.send("WebAuthn.enable");
    const { authenticatorId } = await this.devtools.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    this.authenticator = authenticatorId;
  }

  /** Has the authenticator say from now on that its user is verified, or is not. */
  async verifies(isUserVerified) {
    const authenticatorId = this.authenticator;
    await this.devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
  }

  async passkeys() {
    const { credentials } = await this.devtools.send("WebAuthn.getCredentials", {
      authenticatorId: this.authenticator,
    });
    return credentials;
  }

  /** Signs in with a name, a password and a recovery code. */
  async signIn(person, path = "/login") {
    await this.page.goto(path);
    await this.page.getByLabel("User name").fill(person.name);
    await this.page.getByLabel("Password").fill(person.password);
    await this.page.getByRole("button", { name: "Sign in" }).click();
    await this.page.getByLabel("Code").fill(person.recoveryCode());
    await this.page.getByRole("button", { name: "Confirm" }).click();
  }

  /** Goes on in the session that somebody has in their browser without scripts. */
  async join(person) {
    const url = this.server.issuer;
    await this.context.addCookies(
      [...person.cookies].map(([name, value]) => ({ name, value, url })),
    );
  }

  /** What violates WCAG 2.2 AA on the page that is shown, or does not fit its width. */
  async violations() {
    const found = [];
    for (const { colorScheme, width, height } of LOOKS) {
      await this.page.setViewportSize({ width, height });
      await this.page.emulateMedia({ colorScheme });
      // The policy of the pages lets no page do this; the debugger is not bound by it.
      if (!(await this.page.evaluate("Boolean(window.axe)"))) {
        await this.page.evaluate(AXE);
      }
      const wide = await this.page.evaluate("document.documentElement.scrollWidth");
      const { violations } = await this.page.evaluate(
        (values) => window.axe.run(document, { runOnly: { type: "tag", values } }),
        RULES,
      );
      const look = `${colorScheme}, ${width} pixels`;
      for (const { id, help, nodes } of violations) {
        found.push(`${look}: ${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
      }
      if (wide > width) {
        found.push(`${look}: the page is ${wide} pixels wide`);
      }
    }
    return found;
  }

  async close() {
    await this.context.close();
  }
}
