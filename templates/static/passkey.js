// Has the browser make or show a passkey for the form on this page, and sends the answer
// in the form. Nothing else is sent, and nothing is kept.

const form = document.getElementById("passkey");
const go = document.getElementById("passkey-go");

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => list.map((one) => ({ ...one, id: bytes(one.id) }));

function show(id) {
  const notice = document.getElementById(id);
  notice.hidden = false;
  notice.focus();
}

async function ask() {
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytes(options.challenge);
  if (!options.user) {
    options.allowCredentials = known(options.allowCredentials);
    const { id, type, rawId, response } = await navigator.credentials.get({ publicKey: options });
    return { id, type, rawId: text(rawId), response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle && text(response.userHandle),
    } };
  }
  options.user.id = bytes(options.user.id);
  options.excludeCredentials = known(options.excludeCredentials);
  const { id, type, rawId, response } = await navigator.credentials.create({ publicKey: options });
  return { id, type, rawId: text(rawId), response: {
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    transports: response.getTransports ? response.getTransports() : [],
  } };
}

async function begin() {
  go.disabled = true;
  try {
    form.elements.credential.value = JSON.stringify(await ask());
    form.submit();
  } catch (error) {
    // A device that has it already says so; anything else looks alike on purpose.
    show(error.name === "InvalidStateError" ? "passkey-there" : "passkey-failed");
    go.disabled = false;
  }
}

if (!window.PublicKeyCredential) {
  show("passkey-none");
} else {
  go.hidden = false;
  go.addEventListener("click", begin);
  // The click that led here was the decision; after a refusal the next one is awaited.
  if (form.dataset.at === "once") begin();
}
