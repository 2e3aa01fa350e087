// Chromium, with scripts and without: passkeys, the pages as axe sees them, and the code flow.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { Callback } from "./lib/callback.mjs";
import { launch, Tab } from "./lib/chromium.mjs";
import { Company, NOTES } from "./lib/company.mjs";
import { Issuer } from "./lib/issuer.mjs";
import { totp } from "./lib/person.mjs";
import { Server } from "./lib/server.mjs";

const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

describe("Chromium", { timeout: 240_000 }, () => {
  let browser;
  let company;
  let callback;
  let issuer;
  let application;
  let agent;
  let setup;

  before(async () => {
    browser = await launch();
    callback = await Callback.open();
    issuer = await Issuer.open();
    const server = await Server.start();
    const tab = await Tab.open(browser, server);
    await tab.page.goto(server.setupPath);
    setup = { violations: await tab.violations(), faults: tab.faults };
    await tab.close();
    company = await Company.at(server);
    application = await company.client("Notebook", {
      redirectUris: ["https://notebook.example/cb", "http://127.0.0.1/cb"],
    });
    agent = await company.agent("keeper");
    await company.permit(agent.id, ["notes.read", "notes.write"], "onBehalf");
    await company.management.post("trusted-issuers", {
      issuer: issuer.url,
      name: "Company sign-in",
      signIn: { clientId: "prokura" },
    });
  });

  after(async () => {
    await browser?.close();
    await callback?.close();
    await issuer?.close();
    await company?.end();
  });

  function asking(more = {}) {
    const request = {
      client_id: application.id,
      response_type: "code",
      redirect_uri: callback.uri,
      state: "af0ifjsldkj",
      code_challenge: CHALLENGE,
      code_challenge_method: "S256",
      resource: NOTES,
      scope: "notes.read notes.delete openid email",
      prompt: "consent",
      ...more,
    };
    return `/oauth2/authorize?${new URLSearchParams(request)}`;
  }

  async function inTab(work, options) {
    const tab = await Tab.open(browser, company.server, options);
    try {
      await work(tab, tab.page);
      assert.deepEqual(tab.faults, []);
    } finally {
      await tab.close();
    }
  }

  async function good(tab, heading) {
    assert.equal(await tab.page.getByRole("heading", { level: 1 }).innerText(), heading);
    assert.deepEqual(await tab.violations(), []);
  }

  test("a passkey is added at /me, signs in in the place of a password, and is removed", () =>
    inTab(async (tab, page) => {
      await tab.withAuthenticator();
      await tab.signIn(company.person);
      await page.waitForURL("**/me");
      await page.getByLabel("Name of a new passkey").fill("This laptop");
      await page.getByRole("button", { name: "Add a passkey" }).click();
      await page.getByText("This laptop").waitFor();
      assert.equal((await tab.passkeys()).length, 1);
      await good(tab, "Your account");

      await page.getByRole("link", { name: "Sign out" }).click();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByText("You are not signed in.").waitFor();
      await page.goto("/login");
      await page.getByRole("button", { name: "Use a passkey" }).click();
      await page.waitForURL("**/me");
      await page.getByText("Signed in as Erin Example.").waitFor();

      await page.getByRole("button", { name: "Remove the passkey This laptop" }).click();
      await page.getByText("You have no passkey yet.").waitFor();
      await page.goto("/login");
      await page.getByRole("button", { name: "Use a passkey" }).click();
      await page.getByText("This passkey does not sign you in here.").waitFor();
    }));

  test("axe finds nothing on the page of the one-time link", () => {
    assert.deepEqual(setup, { violations: [], faults: [] });
  });

  test("axe finds nothing on the pages for signing in and out", () =>
    inTab(async (tab, page) => {
      await page.goto("/logout");
      await good(tab, "Sign out");
      await page.goto("/login/upstream");
      await good(tab, "Sign in another way");
      await page.goto("/login");
      await good(tab, "Sign in");
      await page.getByLabel("User name").fill("erin");
      await page.getByLabel("Password").fill("not the password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").first().waitFor();
      await good(tab, "Sign in");
      await page.getByLabel("Password").fill(company.person.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByLabel("Code").waitFor();
      await good(tab, "Confirm that it is you");
      await page.getByLabel("Code").fill("000000");
      await page.getByRole("button", { name: "Confirm" }).click();
      await page.getByRole("alert").waitFor();
      await good(tab, "Confirm that it is you");
      await page.getByLabel("Code").fill(company.person.recoveryCode());
      await page.getByRole("button", { name: "Confirm" }).click();
      await page.waitForURL("**/me");
      await good(tab, "Your account");
      await page.goto("/logout");
      await good(tab, "Sign out");
      await page.goto(`/oauth2/logout?client_id=${application.id}`);
      await page.getByText("The application Notebook wants to sign you out.").waitFor();
      await good(tab, "Sign out");
      await page.goto("/oauth2/logout?client_id=nobody");
      assert.deepEqual(await tab.violations(), []);
    }));

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "with scripts" : "without scripts";
    test(`${how}, the pages for what somebody signs in with work`, () =>
      inTab(
        async (tab, page) => {
          // Without scripts axe does not run either; the pages are the same.
          const looksGood = (heading) =>
            javaScriptEnabled
              ? good(tab, heading)
              : page.getByRole("heading", { level: 1, name: heading }).waitFor();
          await tab.join(company.person);
          await page.goto("/me");
          await page.getByRole("link", { name: "Change your password" }).click();
          await looksGood("Change your password");
          await page.getByLabel("Your present password").fill("not the present one");
          await page.getByLabel("New password", { exact: true }).fill("short");
          await page.getByLabel("once more").fill("other");
          await page.getByRole("button").click();
          await page.getByRole("alert").waitFor();
          await looksGood("Change your password");
          await page.goto("/me/authenticator");
          await looksGood("Use another authenticator app");
          await page.goto("/me/recovery-codes");
          await looksGood("New recovery codes");
          await page.goto("/me");
          await page.getByRole("link", { name: "Linked accounts" }).click();
          await page.getByText("You have not linked an account yet.").waitFor();
          await page.getByRole("button", { name: "Link an account at Company sign-in" }).waitFor();
          await looksGood("Linked accounts");
        },
        { javaScriptEnabled },
      ));
  }

  test("axe finds nothing on the page of somebody who was invited, and on their codes", () =>
    inTab(async (tab, page) => {
      const user = await company.management.post("users", {
        userName: "frank",
        displayName: "Frank",
      });
      const { link } = await company.management.post(`users/${user.id}/invite`, {
        reason: "he is new",
      });
      await page.goto(new URL(link, company.issuer).href);
      await page.getByLabel("Password", { exact: true }).fill("short");
      await page.getByLabel("The same password once more").fill("other");
      await page.getByLabel("The six digits").fill("1");
      await page.getByRole("button", { name: "Set up" }).click();
      await page.getByRole("alert").waitFor();
      await good(tab, "Set up how you sign in");
      await page.getByLabel("Password", { exact: true }).fill("nine yellow submarines");
      await page.getByLabel("The same password once more").fill("nine yellow submarines");
      await page.getByLabel("The six digits").fill(totp(await page.locator(".key").innerText()));
      await page.getByRole("button", { name: "Set up" }).click();
      await page.getByRole("heading", { name: "Keep your recovery codes" }).waitFor();
      await good(tab, "Keep your recovery codes");
    }));

  test("axe finds nothing on the pages that ask, and on /me after they were answered", () =>
    inTab(async (tab, page) => {
      await tab.signIn(company.person);
      await page.waitForURL("**/me");
      await page.goto(asking());
      await good(tab, "Notebook asks for access");
      await page.getByRole("button", { name: "Allow", exact: true }).click();
      await page.waitForURL(`${callback.uri}?**`);
      assert.ok((await callback.next()).address.searchParams.get("code"));

      await page.goto(asking({ requested_actor: agent.id, scope: "notes.read notes.write" }));
      await good(tab, "keeper wants to act for you");
      await page.getByRole("button", { name: "Allow", exact: true }).click();
      await page.waitForURL(`${callback.uri}?**`);
      assert.ok((await callback.next()).address.searchParams.get("code"));

      await page.goto("/me");
      await page.getByText("keeper, through Notebook").waitFor();
      await good(tab, "Your account");
      await page.getByRole("button", { name: "Take back what keeper, through Notebook" }).click();
      await page.waitForURL("**/me");
      assert.equal(await page.getByText("keeper, through Notebook").count(), 0);
    }));

  /** What an application says to the server, which it proves itself to by its secret. */
  async function said(path, fields) {
    const { id, secret } = application;
    const response = await fetch(`${company.issuer}/oauth2/${path}`, {
      method: "POST",
      body: new URLSearchParams({ client_id: id, client_secret: secret, ...fields }),
    });
    assert.equal(response.status, 200);
    return response.json();
  }

  const onDevice = () => said("device_authorization", { scope: "notes.read", resource: NOTES });

  const outOfBand = (message) =>
    said("bc-authorize", {
      login_hint: company.personId,
      scope: "notes.read notes.write",
      resource: NOTES,
      requested_actor: agent.id,
      binding_message: message,
    });

  test("without scripts a device is connected too", () =>
    inTab(
      async (tab, page) => {
        const { user_code: code } = await onDevice();
        await tab.join(company.person);
        await page.goto("/device");
        await page.getByLabel("Code").fill(code);
        await page.getByRole("button", { name: "Continue" }).click();
        await page.getByRole("button", { name: "Don't allow" }).click();
        await page.getByRole("heading", { name: "Not allowed" }).waitFor();
      },
      { javaScriptEnabled: false },
    ));

  test("axe finds nothing on /device, whatever is typed in there", () =>
    inTab(async (tab, page) => {
      await tab.join(company.person);
      await page.goto("/device");
      await good(tab, "Connect a device");
      const { user_code: code } = await onDevice();
      await page.getByLabel("Code").fill(code.toLowerCase().replace("-", " "));
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForURL("**/me/requests/*");
      await page.getByText("Allow this only if you have just started it yourself").waitFor();
      await good(tab, "Notebook asks for access");
      await page.getByRole("button", { name: "Allow", exact: true }).click();
      await page.getByRole("heading", { name: "Allowed", exact: true }).waitFor();
      await good(tab, "Allowed");

      await page.goto("/device");
      const typedIn = async (code) => {
        await page.getByLabel("Code").fill(code);
        const answer = page.waitForResponse((one) => one.request().method() === "POST");
        await page.getByRole("button", { name: "Continue" }).click();
        await page.waitForLoadState();
        return (await answer).status();
      };
      assert.equal(await typedIn("BBBB-BBBB"), 400);
      await page.getByText("No device shows this code").first().waitFor();
      await good(tab, "Connect a device");
      // Some tries are free, and each one after that takes longer than a person types.
      let status;
      for (let tries = 1; tries < 20 && status !== 429; tries++) {
        status = await typedIn("BBBB-BBBB");
      }
      await page.getByText("Too many codes").first().waitFor();
      await good(tab, "Connect a device");
    }));

  test("axe finds nothing on requests that wait, and on /me while they do", () =>
    inTab(async (tab, page) => {
      await outOfBand("Order 17 <b>of today</b>");
      await tab.join(company.person);
      await page.goto("/me");
      await page.getByRole("heading", { name: "Waiting for your answer" }).waitFor();
      await good(tab, "Your account");
      await page.getByRole("link", { name: "Notebook asks you for something" }).click();
      await page.getByText("Order 17 <b>of today</b>").waitFor();
      await good(tab, "keeper wants to act for you");
      const address = page.url();
      await page.getByRole("button", { name: "Don't allow" }).click();
      await page.getByRole("heading", { name: "Not allowed" }).waitFor();
      await good(tab, "Not allowed");
      await page.goto(address);
      await page.getByText("There is nothing to answer here any more.").waitFor();
      await good(tab, "This does not work");

      // Nobody can allow what its agent may not do.
      await outOfBand("Order 18");
      await page.goto("/me");
      await company.management.post(`agents/${agent.id}/suspend`, { reason: "for a while" });
      await page.getByRole("link", { name: "Notebook asks you for something" }).click();
      await page.getByText("This can't be allowed.").waitFor();
      await good(tab, "Notebook asks you for something");
      await page.getByRole("button", { name: "Don't allow" }).click();
      await page.getByRole("heading", { name: "Not allowed" }).waitFor();
      await company.management.post(`agents/${agent.id}/resume`, { reason: "it is over" });
    }));

  /** Keeps the challenge that the authenticator of a tab signed last. */
  const watched = (page) =>
    page.addInitScript(() => {
      const get = navigator.credentials.get.bind(navigator.credentials);
      navigator.credentials.get = async (options) => {
        const made = await get(options);
        const said = JSON.parse(new TextDecoder().decode(made.response.clientDataJSON));
        sessionStorage.setItem("challenge", said.challenge);
        return made;
      };
    });

  test("what waits is allowed with the passkey, which signs what is shown and chosen", () =>
    inTab(async (tab, page) => {
      await tab.withAuthenticator();
      await watched(page);
      await tab.signIn(company.person);
      await page.waitForURL("**/me");
      await page.getByLabel("Name of a new passkey").fill("This phone");
      await page.getByRole("button", { name: "Add a passkey" }).click();
      await page.getByText("This phone").waitFor();

      await outOfBand("Order 19");
      await page.goto("/me");
      await page.getByRole("link", { name: "Notebook asks you for something" }).click();
      await page.getByText("which signs exactly what you see and choose here").waitFor();
      const waiting = page.url().split("/").pop();
      assert.equal(await page.getByRole("button", { name: "Allow", exact: true }).count(), 0);
      assert.equal(await page.getByText("To allow this you need your passkey").isVisible(), false);
      await good(tab, "keeper wants to act for you");

      // A device that does not know its user signs nothing, and nothing is allowed.
      await tab.verifies(false);
      await page.getByRole("button", { name: "Allow with your passkey" }).click();
      await page.getByText("The browser could not use a passkey.").waitFor();
      await good(tab, "keeper wants to act for you");
      await tab.verifies(true);
      await page.getByRole("checkbox").nth(1).uncheck();
      await page.getByLabel("One hour").check();
      await page.getByRole("button", { name: "Allow with your passkey" }).click();
      await page.getByRole("heading", { name: "Allowed", exact: true }).waitFor();
      await good(tab, "Allowed");

      const signed = await page.evaluate(() => sessionStorage.getItem("challenge"));
      const { leaf, opened } = await company.management.get(`audit/${waiting}`);
      assert.equal(leaf.type, "request.answered");
      assert.equal(leaf.facts.allowed, true);
      assert.equal(leaf.facts.digest, signed);
      const shown = opened.shown.value;
      const chosen = opened.chosen.value;
      assert.equal(JSON.parse(shown).request, waiting);
      const { scope, lasts } = JSON.parse(chosen);
      assert.deepEqual([scope, lasts], [["notes.read"], ["hour"]]);
      const sha256 = (text) => createHash("sha256").update(text).digest("base64url");
      assert.equal(sha256(`{"chosen":${chosen},"shown":"${sha256(shown)}"}`), signed);

      // Whoever has only the session says no.
      await outOfBand("Order 20");
      const plain = await browser.newContext({
        baseURL: company.issuer,
        javaScriptEnabled: false,
        storageState: await tab.context.storageState(),
      });
      const without = await plain.newPage();
      await without.goto("/me");
      await without.getByRole("link", { name: "Notebook asks you for something" }).click();
      await without.getByText("To allow this you need your passkey").waitFor();
      assert.equal(await without.getByRole("button", { name: /^Allow/ }).isVisible(), false);
      await without.getByRole("button", { name: "Don't allow" }).click();
      await without.getByRole("heading", { name: "Not allowed" }).waitFor();
      await plain.close();

      await page.goto("/me");
      await page.getByRole("button", { name: "Remove the passkey This phone" }).click();
      await page.getByText("You have no passkey yet.").waitFor();
    }));

  test("axe finds nothing on the pages that say no", () =>
    inTab(async (tab, page) => {
      await page.goto(asking({ redirect_uri: "https://evil.example/cb" }));
      await good(tab, "This does not work");
      await page.goto("/setup?code=used");
      await good(tab, "This link is not good any more");
      await page.goto("/login");
      await tab.context.clearCookies();
      await page.getByLabel("User name").fill("erin");
      await page.getByLabel("Password").fill("whatever it is");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "This form is too old" }).waitFor();
      await good(tab, "This form is too old");
    }));

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? "with scripts" : "without scripts";
    for (const mode of ["query", "form_post"]) {
      test(`${how}, the code comes back by ${mode} after signing in and consenting`, () =>
        inTab(
          async (tab, page) => {
            await tab.signIn(company.person, asking({ response_mode: mode }));
            await page.getByRole("heading", { name: "Notebook asks for access" }).waitFor();
            await page.getByRole("checkbox", { name: "Delete your notes" }).uncheck();
            await page.getByRole("button", { name: "Allow", exact: true }).click();
            if (mode === "form_post" && !javaScriptEnabled) {
              await page.getByRole("button", { name: "Continue" }).click();
            }
            const { method, address } = await callback.next();
            assert.equal(method, mode === "query" ? "GET" : "POST");
            assert.equal(address.searchParams.get("state"), "af0ifjsldkj");
            assert.equal(address.searchParams.get("iss"), company.issuer);
            assert.ok(address.searchParams.get("code"));
          },
          { javaScriptEnabled },
        ));
    }
  }

  test("without scripts no form for passkeys shows, and everything else works", () =>
    inTab(
      async (tab, page) => {
        await page.goto("/login");
        assert.equal(await page.getByRole("button", { name: "Use a passkey" }).isVisible(), false);
        await tab.signIn(company.person);
        await page.waitForURL("**/me");
        await page.goto("/logout");
        await page.getByRole("button", { name: "Sign out" }).click();
        await page.getByText("You are not signed in.").waitFor();
      },
      { javaScriptEnabled: false },
    ));

  test("a page runs no script but the server's own, and stands in no frame", () =>
    inTab(async (tab, page) => {
      await page.goto("/login");
      const ran = await page.evaluate(() => {
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
        return window.ran === true;
      });
      assert.equal(ran, false);
      const framed = await page.evaluate(
        (address) =>
          new Promise((done) => {
            const frame = document.createElement("iframe");
            frame.onload = () => done(frame.contentDocument !== null);
            frame.src = address;
            document.body.append(frame);
            setTimeout(() => done(false), 3_000);
          }),
        "/logout",
      );
      assert.equal(framed, false);
      assert.ok(tab.faults.length >= 1, "the browser tells of what it refused");
      tab.faults.length = 0;
    }));

  // The last, because all other sessions of the person end with the link.
  test("an account elsewhere is linked once its person says so, and is unlinked", () =>
    inTab(async (tab, page) => {
      await tab.signIn(company.person);
      await page.waitForURL("**/me");
      const offered = async () => {
        await page.goto("/me/linked-accounts");
        await page.getByRole("button", { name: "Link an account at Company sign-in" }).click();
        await page.getByText("erin@work.example").waitFor();
        await good(tab, "Link this account?");
      };
      await offered();
      await page.getByRole("link", { name: "Do not link it" }).click();
      await page.getByText("You have not linked an account yet.").waitFor();
      await offered();
      await page.getByRole("button", { name: "Link this account" }).click();
      await page.getByRole("button", { name: "Unlink the account at Company sign-in" }).waitFor();
      await good(tab, "Linked accounts");
      await page.getByRole("button", { name: "Unlink the account at Company sign-in" }).click();
      await page.getByText("You have not linked an account yet.").waitFor();
    }));
});
