// Where an application waits for the answer to its authorization request.
import { createServer } from "node:http";

const WITHIN = 20_000;

export class Callback {
  static async open() {
    const callback = new Callback();
    callback.came = [];
    callback.waiting = [];
    callback.server = createServer((request, response) => callback.#take(request, response));
    await new Promise((done) => callback.server.listen(0, "127.0.0.1", done));
    callback.uri = `http://127.0.0.1:${callback.server.address().port}/cb`;
    return callback;
  }

  async #take(request, response) {
    const address = new URL(request.url, this.uri);
    let body = "";
    for await (const part of request) {
      body += part;
    }
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end("<!DOCTYPE html><html lang=en><title>The application</title><h1>Thank you</h1>");
    if (address.pathname === "/cb") {
      const answer = new URL(this.uri);
      answer.search = request.method === "POST" ? body : address.search;
      this.came.push({ method: request.method, address: answer });
      this.waiting.splice(0).forEach((done) => done());
    }
  }

  /** The next answer, once it has come. */
  async next() {
    const until = Date.now() + WITHIN;
    while (this.came.length === 0) {
      if (Date.now() >= until) {
        throw new Error("no answer came to the application");
      }
      await new Promise((done) => {
        const timer = setTimeout(done, until - Date.now());
        this.waiting.push(() => {
          clearTimeout(timer);
          done();
        });
      });
    }
    return this.came.shift();
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
