// An MCP host as programs on somebody's computer are: public, and known by where it takes codes.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

export const REDIRECT = "http://127.0.0.1:51117/callback";

/** What a host keeps for one server; one that was never told its id registers itself. */
export class Host {
  constructor(clientId, redirectUrl = REDIRECT) {
    this.information = clientId && { client_id: clientId };
    this.redirectUrl = redirectUrl;
    this.clientMetadata = {
      client_name: "Host",
      redirect_uris: [redirectUrl],
      token_endpoint_auth_method: "none",
    };
  }

  clientInformation() {
    return this.information;
  }

  saveClientInformation(information) {
    this.information = information;
  }

  tokens() {
    return this.saved;
  }

  saveTokens(tokens) {
    this.saved = tokens;
  }

  redirectToAuthorization(address) {
    this.address = address;
  }

  saveCodeVerifier(verifier) {
    this.verifier = verifier;
  }

  codeVerifier() {
    return this.verifier;
  }
}

/** The way to the MCP server at `url`. */
export function transport(url, authProvider) {
  return new StreamableHTTPClientTransport(new URL(url), { authProvider });
}

/** A client of the MCP server at `url`; where it has no token it throws, and its host an address. */
export async function connected(url, authProvider) {
  const client = new Client({ name: "host", version: "1" });
  await client.connect(transport(url, authProvider));
  return client;
}
