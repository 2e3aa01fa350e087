// Debian's Apache with mod_auth_openidc on a free port of loopback, as a user without rights, in
// front of an application that answers with the headers it was sent.
import { execFileSync } from "node:child_process";
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Program } from "./server.mjs";

const APACHE = "/usr/sbin/apache2";
const MODULES = "/usr/lib/apache2/modules";
const LOADED = ["mpm_event", "authn_core", "authz_core", "authz_user", "proxy", "proxy_http"];
const WITHIN = 20_000;

/** Whom Apache runs as: nobody in particular where the tests run as root. */
function runner() {
  if (process.getuid() !== 0) {
    return {};
  }
  const id = (flag) => Number(execFileSync("id", [flag, "www-data"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

export class Apache {
  /**
   * Starts one. `login` and `api` are the applications that it is for people and for callers with
   * tokens: each an `id` and a `secret`.
   */
  static async start(issuer, port, login, api) {
    const apache = new Apache();
    const as = runner();
    apache.folder = await mkdtemp(join(tmpdir(), "prokura-apache-"));
    apache.origin = `http://localhost:${port}`;
    apache.behind = createServer((request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(request.headers));
    });
    await new Promise((done) => apache.behind.listen(0, "127.0.0.1", done));
    const file = join(apache.folder, "httpd.conf");
    await writeFile(file, apache.#configuration(issuer, port, login, api));
    if (as.uid !== undefined) {
      await chown(apache.folder, as.uid, as.gid);
      await chown(file, as.uid, as.gid);
    }
    await chmod(file, 0o600);
    apache.program = new Program(APACHE, ["-f", file, "-D", "FOREGROUND"], {
      ...as,
      cwd: apache.folder,
      env: { PATH: "/usr/bin:/bin", LANG: "C" },
    });
    try {
      await apache.program.started(/resuming normal operations/, WITHIN);
    } catch (error) {
      await apache.end();
      throw error;
    }
    return apache;
  }

  #configuration(issuer, port, login, api) {
    const behind = `http://127.0.0.1:${this.behind.address().port}/`;
    return `
ServerRoot ${this.folder}
DefaultRuntimeDir ${this.folder}
PidFile ${this.folder}/pid
Listen 127.0.0.1:${port}
ServerName localhost:${port}
UseCanonicalName On
ErrorLog "|/bin/cat"
LogLevel notice auth_openidc:warn
StartServers 1
${LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join("\n")}
LoadModule auth_openidc_module ${MODULES}/mod_auth_openidc.so

OIDCProviderMetadataURL ${issuer}/.well-known/openid-configuration
OIDCClientID ${login.id}
OIDCClientSecret ${login.secret}
OIDCRedirectURI ${this.origin}/people/callback
OIDCCryptoPassphrase "only for this run"
OIDCPKCEMethod S256
OIDCScope "openid profile email"
OIDCRemoteUserClaim sub
OIDCPassIDTokenAs claims serialized
# Also for fetch(), which cannot say that it goes to a page.
OIDCUnAuthAction auth true

OIDCOAuthServerMetadataURL ${issuer}/.well-known/oauth-authorization-server
OIDCOAuthClientID ${api.id}
OIDCOAuthClientSecret ${api.secret}
OIDCOAuthTokenIntrospectionInterval -1
OIDCOAuthRemoteUserClaim sub

ProxyPass / ${behind}
<Location /people>
  AuthType openid-connect
  Require valid-user
</Location>
<Location /notes>
  AuthType oauth20
  <RequireAll>
    Require valid-user
    Require claim "scope~(^| )notes.read( |$)"
  </RequireAll>
</Location>
`;
  }

  async end() {
    await this.program?.end();
    this.behind.closeAllConnections();
    await new Promise((done) => this.behind.close(done));
    await rm(this.folder, { recursive: true, force: true });
  }
}

