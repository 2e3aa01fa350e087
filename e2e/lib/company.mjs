// What the tests register before they begin: an API with actions, a purpose, an agent, and
// applications.
import { Management, Server } from "./server.mjs";
import { Person } from "./person.mjs";

export const NOTES = "https://notes.example";
export const CALLBACK = "http://127.0.0.1/cb";

/** A server with its first administrator, and what is registered at it. */
export class Company {
  static async found() {
    return Company.at(await Server.start());
  }

  /** The same at a server that was just started. */
  static async at(server) {
    const company = new Company();
    company.server = server;
    try {
      await company.#register();
    } catch (error) {
      await server.end();
      throw error;
    }
    return company;
  }

  async #register() {
    const { server } = this;
    this.issuer = server.issuer;
    this.person = await Person.first(server);
    this.management = await Management.of(server);
    const users = await this.management.get("users");
    this.personId = users.items.find((one) => one.userName === this.person.name).id;
    this.workload = await this.workloadNamed("notes-server");
    this.resource = await this.management.post("resources", {
      identifier: NOTES,
      name: "Notes",
      types: ["note"],
      actions: [
        { name: "notes.read", sensitivity: "low", description: "Read your notes" },
        { name: "notes.write", sensitivity: "medium", description: "Change your notes" },
        {
          name: "notes.delete",
          sensitivity: "high",
          reversible: false,
          description: "Delete your notes for good",
        },
      ],
      enforcers: [this.workload.id],
    });
    await this.permit(this.personId, ["notes.read", "notes.write", "notes.delete"]);
  }

  /** Lets somebody do something with the notes, or with another resource. */
  async permit(principal, actions, mode = "own", resource = this.resource.id) {
    return this.management.post("permissions", { principal, resource, actions, mode });
  }

  /** A workload with a secret. */
  async workloadNamed(name) {
    const made = await this.management.post("workloads", { name, owner: this.personId });
    return { ...made, secret: await this.secret("workloads", made.id) };
  }

  async secret(path, id) {
    const made = await this.management.post(`${path}/${id}/credentials`, { kind: "secret" });
    return made.secret;
  }

  /** An application; one that is not public gets a secret. */
  async client(name, more = {}) {
    const made = await this.management.post("clients", {
      name,
      everything: true,
      redirectUris: [CALLBACK],
      resource: this.resource.id,
      ...more,
    });
    return more.public ? made : { ...made, secret: await this.secret("clients", made.id) };
  }

  /**
   * An active agent for one resource: `jwk` is the public half of its key, and `bearerTokens` says
   * whether it gets tokens without proving one.
   */
  async agent(name, { jwk, bearerTokens = false, resource = this.resource, actions } = {}) {
    const purpose = await this.management.post("purposes", {
      name: `work.${name}`,
      description: "Keep the notes of the day in order.",
      owner: this.personId,
      covers: [{ resource: resource.id, actions: actions ?? ["notes.read", "notes.write"] }],
    });
    const backup = await this.management.post("users", { userName: `backup-of-${name}` });
    const made = await this.management.post("agents", {
      name,
      owner: this.personId,
      backupOwner: backup.id,
      purposes: [purpose.id],
      environment: "test",
      risk: "low",
      bearerTokens,
    });
    await this.management.post(`agents/${made.id}/activate`, { reason: "it is ready" });
    if (jwk) {
      await this.management.post(`agents/${made.id}/credentials`, { kind: "key", jwk });
    }
    return { ...made, purpose };
  }

  async end() {
    await this.server.end();
  }
}
