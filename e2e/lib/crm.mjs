// The sample MCP server of the demo, protected by the server under test.
import { HOME, Program, freePort } from "./server.mjs";
import { join } from "node:path";

const ACTIONS = [
  { name: "tickets.read", sensitivity: "low", reversible: true },
  { name: "contacts.read", sensitivity: "medium", reversible: true },
  { name: "contacts.delete", sensitivity: "high", identifiedBy: ["contact"] },
  { name: "contacts.export", sensitivity: "high" },
];

export class Crm {
  /** Registers it at `company`, lets the company's person do what it has tools for, and starts it. */
  static async open(company) {
    const crm = new Crm();
    crm.workload = await company.workloadNamed("crm");
    const port = await freePort();
    crm.program = new Program(
      join(HOME, "prokura"),
      ["demo-crm", "--issuer", company.issuer, "--workload", crm.workload.id, "--port", `${port}`],
      { env: { ...company.server.env, PROKURA_CRM_SECRET: crm.workload.secret } },
    );
    [, crm.url] = await crm.program.started(/the CRM is the resource (\S+)/);
    crm.resource = await company.management.post("resources", {
      identifier: crm.url,
      name: "CRM",
      types: ["Ticket", "Contact"],
      actions: ACTIONS,
      enforcers: [crm.workload.id],
    });
    await company.permit(
      company.personId,
      ["tickets.read", "contacts.read", "contacts.delete"],
      "own",
      crm.resource.id,
    );
    return crm;
  }

  async end() {
    await this.program.end();
  }
}
