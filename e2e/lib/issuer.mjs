// An issuer at which everybody is signed in already, as one and the same account.
import { createServer } from "node:http";

const SUBJECT = "8f14e45fceea167a5a36dedd4bea2543";
const ACCOUNT = "erin@work.example";

function encoded(object) {
  return Buffer.from(JSON.stringify(object)).toString("base64url");
}

export class Issuer {
  static async open() {
    const issuer = new Issuer();
    issuer.keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
      "sign",
    ]);
    issuer.server = createServer((request, response) => issuer.#answer(request, response));
    await new Promise((done) => issuer.server.listen(0, "127.0.0.1", done));
    issuer.url = `http://127.0.0.1:${issuer.server.address().port}`;
    return issuer;
  }

  async #answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, this.url);
    if (pathname === "/authorize") {
      this.nonce = searchParams.get("nonce");
      const back = new URL(searchParams.get("redirect_uri"));
      back.searchParams.set("code", "c");
      back.searchParams.set("state", searchParams.get("state"));
      back.searchParams.set("iss", this.url);
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    const answers = { "/jwks": () => this.#jwks(), "/token": () => this.#tokens() };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(await (answers[pathname] ?? (() => this.#metadata()))()));
  }

  #metadata() {
    return {
      issuer: this.url,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      jwks_uri: `${this.url}/jwks`,
      authorization_response_iss_parameter_supported: true,
    };
  }

  async #jwks() {
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", this.keys.publicKey);
    return { keys: [{ kty, crv, x, y, kid: "k", alg: "ES256", use: "sig" }] };
  }

  async #tokens() {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.url,
      sub: SUBJECT,
      aud: "prokura",
      nonce: this.nonce,
      iat: now,
      exp: now + 300,
      email: ACCOUNT,
      email_verified: true,
    };
    const signed = `${encoded({ alg: "ES256", kid: "k" })}.${encoded(claims)}`;
    const how = { name: "ECDSA", hash: "SHA-256" };
    const signature = await crypto.subtle.sign(how, this.keys.privateKey, Buffer.from(signed));
    return {
      token_type: "Bearer",
      id_token: `${signed}.${Buffer.from(signature).toString("base64url")}`,
    };
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
