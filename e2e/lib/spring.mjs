// The application of e2e/spring, which e2e/run has built.
import { join } from "node:path";
import { HOME, Program } from "./server.mjs";

const BUILT = join(HOME, "e2e/spring/target");

export class Spring {
  /** Starts it on `port`: `login` is the application that it is, `api` the workload that asks. */
  static async start(issuer, port, audience, login, api) {
    const spring = new Spring();
    spring.origin = `http://localhost:${port}`;
    const settings = {
      "server.address": "127.0.0.1",
      "server.port": port,
      "spring.main.banner-mode": "off",
      issuer,
      audience,
      "client.id": login.id,
      "client.secret": login.secret,
      "workload.id": api.id,
      "workload.secret": api.secret,
    };
    spring.program = new Program(
      join(process.env.JAVA_HOME, "bin/java"),
      ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", `${BUILT}:${BUILT}/lib/*`, "Notes"],
      {
        env: {
          PATH: process.env.PATH,
          SPRING_APPLICATION_JSON: JSON.stringify(settings),
        },
      },
    );
    await spring.program.started(/Started Notes/);
    return spring;
  }

  async end() {
    await this.program.end();
  }
}
