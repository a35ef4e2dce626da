// form[data-enhance=passkey]: asks the server (data-question) what the device is to answer, lets it answer by fingerprint, face or
// screen lock, and sends the form with the answer. data-new makes a passkey, else one is used. Its place is kept (forms.css) until this has run,
// so that nothing moves; where there are no passkeys it goes.
export default function passkey(form) {
  if (!window.PublicKeyCredential || !navigator.credentials) {
    form.remove();
    for (const none of document.querySelectorAll(".without-script")) none.classList.add("without-script--shown");
    return;
  }
  const make = "new" in form.dataset;
  const failed = form.querySelector("[data-failed]");
  form.classList.remove("awaits");
  form.addEventListener("submit", async event => {
    const field = name => form.elements[name] ?? form.elements[`Form.${name}`];
    if (field("Credential").value) return;
    event.preventDefault();
    failed.hidden = true;
    try {
      const asked = await fetch(form.dataset.question, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
      if (!asked.ok) throw new Error(`${asked.status}`);
      const { options, question } = await asked.json();
      const publicKey = decode(JSON.parse(options));
      const credential = await navigator.credentials[make ? "create" : "get"]({ publicKey });
      field("Question").value = question;
      field("Credential").value = JSON.stringify(encode(credential));
      form.submit();
    } catch {
      // Cancelled, timed out, or no passkey here: the other ways stay.
      failed.hidden = false;
    }
  });
}

// Written out because browsers of 2024 and older lack parse…FromJSON and toJSON.
function decode(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of ["allowCredentials", "excludeCredentials"])
    for (const known of options[list] ?? []) known.id = bytes(known.id);
  return options;
}

function encode({ id, rawId, type, response }) {
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    answer.attestationObject = text(response.attestationObject);
    answer.transports = response.getTransports?.() ?? [];
  } else {
    answer.authenticatorData = text(response.authenticatorData);
    answer.signature = text(response.signature);
    if (response.userHandle) answer.userHandle = text(response.userHandle);
  }
  return { id, rawId: text(rawId), type, response: answer, clientExtensionResults: {} };
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), c => c.charCodeAt(0));
}

function text(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
