"use strict";

// Shows the forms that passkeys fill in, and fills them in. The forms carry what to ask the browser
// for, with binary values in base64url. Without this script they stay hidden.
(() => {
  const GOOD_FOR = 4 * 60 * 1000;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

  const text = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (b) => String.fromCharCode(b)).join(""))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");

  const steps = {
    async create(options) {
      const made = await navigator.credentials.create({
        publicKey: {
          ...options,
          challenge: bytes(options.challenge),
          user: { ...options.user, id: bytes(options.user.id) },
          excludeCredentials: options.excludeCredentials.map((one) => ({
            ...one,
            id: bytes(one.id),
          })),
        },
      });
      return {
        client_data: text(made.response.clientDataJSON),
        attestation: text(made.response.attestationObject),
      };
    },

    async get(options) {
      const made = await navigator.credentials.get({
        publicKey: { ...options, challenge: bytes(options.challenge) },
      });
      return {
        credential: text(made.rawId),
        client_data: text(made.response.clientDataJSON),
        authenticator_data: text(made.response.authenticatorData),
        signature: text(made.response.signature),
        user_handle: text(made.response.userHandle || new ArrayBuffer(0)),
      };
    },
  };

  if (!window.PublicKeyCredential || !navigator.credentials) {
    return;
  }
  const shown = performance.now();
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (performance.now() - shown > GOOD_FOR) {
        location.replace(form.dataset.again);
        return;
      }
      const problem = form.querySelector("[role=alert]");
      problem.hidden = true;
      try {
        const said = await steps[form.dataset.passkey](JSON.parse(form.dataset.options));
        for (const [name, value] of Object.entries(said)) {
          form.elements.namedItem(name).value = value;
        }
      } catch {
        problem.hidden = false;
        return;
      }
      form.submit();
    });
  }
})();
