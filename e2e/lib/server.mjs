// A server of its own for one file of tests: started with `./prokura serve` on a free port of
// loopback with a fresh folder, and ended by its process id.
import { execFile, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const HOME = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PROKURA = join(HOME, "prokura");
const PORT_TRIES_MAX = 100;
const STARTS_WITHIN = 120_000;
const ENDS_WITHIN = 15_000;

/**
 * A port of loopback that nobody listens on now. It lies below those that systems give to outgoing
 * connections, so that none of ours takes it before the program it is for.
 */
export async function freePort() {
  for (let tries = 0; tries < PORT_TRIES_MAX; tries++) {
    const port = randomInt(20_000, 32_000);
    const probe = createServer();
    const free = await new Promise((done) => {
      probe.once("error", () => done(false));
      probe.listen(port, "127.0.0.1", () => done(true));
    });
    if (free) {
      await new Promise((done) => probe.close(done));
      return port;
    }
  }
  throw new Error("no free port was found");
}

/** A program that was started; it says what it prints line by line. */
export class Program {
  static running = new Set();

  constructor(command, args, options) {
    this.said = [];
    this.waiting = [];
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], ...options });
    this.ended = new Promise((done) => this.child.once("exit", done));
    Program.running.add(this);
    this.ended.then(() => {
      Program.running.delete(this);
      this.#tell();
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        this.said.push(line);
        this.#tell();
      });
    }
  }

  #tell() {
    this.waiting.splice(0).forEach((look) => look());
  }

  /** The first line that `pattern` finds something in, as a match. */
  async line(pattern, within = STARTS_WITHIN) {
    const until = Date.now() + within;
    for (;;) {
      for (const line of this.said) {
        const match = pattern.exec(line);
        if (match) {
          return match;
        }
      }
      const left = until - Date.now();
      if (left <= 0 || this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`no line like ${pattern} in:\n${this.said.slice(-20).join("\n")}`);
      }
      await new Promise((done) => {
        const timer = setTimeout(done, left);
        this.waiting.push(() => {
          clearTimeout(timer);
          done();
        });
      });
    }
  }

  /** The same of a program that is only good once it said so: it is ended when it does not. */
  async started(pattern, within) {
    try {
      return await this.line(pattern, within);
    } catch (error) {
      await this.end();
      throw error;
    }
  }

  /** Tells the program to end, and makes it when it does not. */
  async end() {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), ENDS_WITHIN);
    this.child.kill("SIGTERM");
    await this.ended;
    clearTimeout(timer);
  }
}

// However a run ends, it leaves nothing running.
process.once("exit", () => Program.running.forEach((one) => one.child.kill("SIGKILL")));
["SIGINT", "SIGTERM"].forEach((signal) => process.once(signal, () => process.exit(1)));

/** Runs `./prokura` with these arguments to its end and answers what it printed. */
function prokura(args, env) {
  return new Promise((done, failed) => {
    execFile(PROKURA, args, { env, timeout: STARTS_WITHIN }, (error, out) =>
      error ? failed(error) : done(out.trim()),
    );
  });
}

export class Server {
  /** Starts one; `settings` are further ones from the environment. */
  static async start(settings = {}) {
    const server = new Server();
    server.folder = await mkdtemp(join(tmpdir(), "prokura-e2e-"));
    server.port = await freePort();
    server.issuer = `http://localhost:${server.port}`;
    server.data = join(server.folder, "data");
    server.env = {
      ...Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !name.startsWith("PROKURA_")),
      ),
      XDG_DATA_HOME: join(server.folder, "share"),
      XDG_CONFIG_HOME: join(server.folder, "config"),
      XDG_STATE_HOME: join(server.folder, "state"),
      ...settings,
    };
    server.program = new Program(
      PROKURA,
      ["serve", "--data", server.data, "--port", String(server.port)],
      { env: server.env },
    );
    const [, path] = await server.program.started(/set up the first administrator: .*(\/setup\S+)/);
    server.setupPath = path;
    return server;
  }

  /** A new token of an administrator, as whoever may open the server's socket gets one. */
  async operatorToken() {
    const said = await prokura(["admin", "token", "--data", this.data], this.env);
    return said.split("\n").at(-1);
  }

  async end() {
    await this.program.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The management API, with an administrator's token. */
export class Management {
  static async of(server) {
    const management = new Management();
    management.base = `${server.issuer}/api/v1/`;
    management.token = await server.operatorToken();
    return management;
  }

  async get(path) {
    return this.#send("GET", path);
  }

  /** Registers or does something; anything but success fails. */
  async post(path, body = {}) {
    return this.#send("POST", path, body);
  }

  /** Writes something anew in the place of what is there now. */
  async replace(path, body) {
    const now = await fetch(this.base + path, {
      headers: { authorization: `Bearer ${this.token}` },
    });
    return this.#send("PUT", path, body, { "if-match": now.headers.get("etag") });
  }

  async #send(method, path, body, more = {}) {
    const response = await fetch(this.base + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body ? { "content-type": "application/json" } : {}),
        ...more,
      },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    return JSON.parse(text);
  }
}
