// A person with a browser that knows forms and cookies and nothing else: no scripts, no styles.
import { createHmac } from "node:crypto";

const REDIRECTS_MAX = 10;
const PASSWORD = "seven green bicycles";
const STEP = 30_000;

/** What an authenticator app with this key shows at `now` (RFC 6238). */
export function totp(key, now = Date.now()) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...key.replace(/\s/g, "")]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / STEP)));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const word = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, "0");
}

/** A text of HTML as it was before it was escaped. */
export function unescaped(text) {
  return text
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");
}

export class Person {
  constructor(server) {
    this.server = server;
    this.cookies = new Map();
    this.page = "";
  }

  /** Makes them the first administrator, by the one-time link. */
  static async first(server, name = "erin", display = "Erin Example") {
    const person = new Person(server);
    await person.open(server.setupPath);
    person.name = name;
    person.key = /class="key">([A-Z2-7 ]+)</.exec(person.page)[1];
    await person.submit("/setup", {
      username: name,
      name: display,
      password: PASSWORD,
      again: PASSWORD,
      shown: totp(person.key),
    });
    person.codes = [...person.page.matchAll(/<li>([^<]+)<\/li>/g)].map((one) => one[1]);
    if (person.codes.length === 0) {
      throw new Error(`not set up: ${person.page}`);
    }
    return person;
  }

  get password() {
    return PASSWORD;
  }

  /** One of their recovery codes, which are good once each; the app's code may be used up. */
  recoveryCode() {
    return this.codes.pop();
  }

  async open(path) {
    return this.#send("GET", path);
  }

  /** Sends the form on the page to `path`, its hidden fields and these. */
  async submit(path, fields = {}) {
    return this.#send("POST", path, { ...this.hidden(), ...fields });
  }

  hidden() {
    return Object.fromEntries(
      [...this.page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
        (one) => [one[1], unescaped(one[2])],
      ),
    );
  }

  /** Signs in where nobody is, with a recovery code. */
  async signIn(returnTo = "/me") {
    await this.open(`/login?return_to=${encodeURIComponent(returnTo)}`);
    await this.submit("/login", { username: this.name, password: this.password });
    await this.open(`/login/second-factor?return_to=${encodeURIComponent(returnTo)}`);
    return this.submit("/login/second-factor", { code: this.recoveryCode() });
  }

  /**
   * Goes to an authorization request and allows what is asked; answers the address at the
   * application that they are sent back to.
   */
  async allow(address, { scopes, ...more } = {}) {
    let response = await this.open(address);
    for (let i = 0; i < REDIRECTS_MAX; i++) {
      const to = this.#onward(response);
      if (to && !this.#isOwn(to)) {
        return to;
      }
      if (to) {
        response = await this.open(to);
      } else if (this.page.includes('action="/consent"')) {
        response = await this.#consent(scopes, more);
      } else {
        throw new Error(`nowhere to go on from: ${response.status} ${this.page}`);
      }
    }
    throw new Error("too many redirects");
  }

  async #consent(scopes, more) {
    const form = new URLSearchParams(this.hidden());
    const offered = [...this.page.matchAll(/name="scope" value="([^"]*)"/g)].map((one) => one[1]);
    (scopes ?? offered).forEach((scope) => form.append("scope", scope));
    Object.entries({ decision: "allow", ...more }).forEach(([name, value]) =>
      form.append(name, value),
    );
    return this.#send("POST", "/consent", form);
  }

  /** Where a redirect or a page that goes on by itself leads. */
  #onward(response) {
    const location = response.headers.get("location");
    const refresh = /http-equiv="refresh" content="0;url=([^"]*)"/.exec(this.page);
    const to = location ?? (refresh && unescaped(refresh[1]));
    return to && new URL(to, this.server.issuer);
  }

  #isOwn(address) {
    return address.origin === this.server.issuer;
  }

  async #send(method, path, form) {
    const response = await fetch(new URL(path, this.server.issuer), {
      method,
      redirect: "manual",
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      body: form && new URLSearchParams(form),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/;\s*Max-Age=0/i.test(line)) {
        this.cookies.delete(name);
      } else {
        this.cookies.set(name, value);
      }
    }
    this.page = await response.text();
    return response;
  }
}
