// Lets the MCP conformance suite load on Node.js 20: it imports a function of `fs` that came with 22
// and that none of the scenarios which are run here calls. Given to node by `--import`.
import { register } from "node:module";

const FILES = `export * from "node:fs";
export function globSync() {
  throw new Error("globSync came with Node.js 22");
}`;

const HOOKS = `const files = ${JSON.stringify(`data:text/javascript,${encodeURIComponent(FILES)}`)};
export async function resolve(specifier, context, next) {
  return specifier === "fs" && context.parentURL?.includes("/@modelcontextprotocol/conformance/")
    ? { url: files, shortCircuit: true }
    : next(specifier, context);
}`;

register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
