"use strict";

// Shows the forms that passkeys fill in, and fills them in. The forms carry what to ask the browser
// for, with binary values in base64url. Without this script they stay hidden, or can only be used to
// say no.
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

    // Signs what the page shows, of which the options have the digest, and what is chosen on it: the
    // challenge is SHA-256 of both as canonical JSON, which is this for texts in lists by name.
    async sign(options, form) {
      const sent = new FormData(form);
      const chosen = {};
      for (const name of form.dataset.chosen.split(" ").sort()) {
        chosen[name] = sent.getAll(name);
      }
      const { shown, allowCredentials, ...more } = options;
      const signed = new TextEncoder().encode(JSON.stringify({ chosen, shown }));
      return steps.get({
        ...more,
        challenge: text(await crypto.subtle.digest("SHA-256", signed)),
        allowCredentials: allowCredentials.map((one) => ({ ...one, id: bytes(one.id) })),
      });
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
    for (const one of form.querySelectorAll("[data-with-passkey]")) {
      one.hidden = false;
      one.disabled = false;
    }
    for (const one of form.querySelectorAll("[data-without-passkey]")) {
      one.hidden = true;
    }
    form.addEventListener("submit", async (event) => {
      const pressed = event.submitter;
      if (pressed && "plain" in pressed.dataset) {
        return;
      }
      event.preventDefault();
      if (performance.now() - shown > GOOD_FOR) {
        location.replace(form.dataset.again);
        return;
      }
      const problem = form.querySelector("[role=alert]");
      problem.hidden = true;
      try {
        const options = JSON.parse(form.dataset.options);
        const said = await steps[form.dataset.passkey](options, form);
        for (const [name, value] of Object.entries(said)) {
          form.elements.namedItem(name).value = value;
        }
      } catch {
        problem.hidden = false;
        return;
      }
      // submit() leaves out what was pressed.
      const field = document.createElement("input");
      if (pressed && pressed.name) {
        Object.assign(field, { type: "hidden", name: pressed.name, value: pressed.value });
        form.append(field);
      }
      form.submit();
      field.remove();
    });
  }
})();
