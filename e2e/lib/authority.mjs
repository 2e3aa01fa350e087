// A certificate authority for one run of tests, made with openssl.
import { execFileSync } from "node:child_process";
import { X509Certificate, createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

export class Authority {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "prokura-e2e-ca-"));
    this.certificate = this.selfSigned("authority");
  }

  #path(name) {
    return join(this.folder, name);
  }

  #openssl(...args) {
    execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  }

  /** A certificate that speaks for itself. */
  selfSigned(name) {
    const [certificate, key] = [`${name}.crt`, `${name}.key`].map((one) => this.#path(one));
    this.#openssl(
      ...["req", "-x509", ...CURVE, "-days", "2", "-subj", `/CN=${name}`],
      ...["-keyout", key, "-out", certificate],
    );
    return new Certificate(certificate, key);
  }

  /** A certificate of this authority's for a name in the DNS. */
  issue(name) {
    const [request, certificate, key, names] = ["csr", "crt", "key", "ext"].map((one) =>
      this.#path(`${name}.${one}`),
    );
    writeFileSync(names, `subjectAltName=DNS:${name}\n`);
    this.#openssl("req", "-new", ...CURVE, "-subj", `/CN=${name}`, "-keyout", key, "-out", request);
    this.#openssl(
      ...["x509", "-req", "-in", request, "-days", "2", "-extfile", names, "-out", certificate],
      ...["-CA", this.certificate.path, "-CAkey", this.certificate.keyPath, "-CAcreateserial"],
    );
    return new Certificate(certificate, key);
  }

  end() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A certificate and its key, as files and as what they hold. */
class Certificate {
  constructor(path, keyPath) {
    this.path = path;
    this.keyPath = keyPath;
    this.cert = readFileSync(path, "utf8");
    this.key = readFileSync(keyPath, "utf8");
  }

  get der() {
    return new X509Certificate(this.cert).raw;
  }

  /** How a token that is bound to it names it (RFC 8705 §3.1). */
  get thumbprint() {
    return createHash("sha256").update(this.der).digest("base64url");
  }
}
