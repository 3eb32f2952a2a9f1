// Signing in with another issuer: OAuth 2.0's authorization code with PKCE (RFC 9700), by oauth4webapi.
// What is needed between leaving and coming back lies in this tab, and the token after that.
import { at } from "./api.js";

const told = document.querySelector('meta[name="sign-in"]')?.content;
const asked = told ? JSON.parse(told) : null;
const KEPT = "sign-in";

export const offered = () => asked !== null;

async function library() {
  const oauth = await import("./oauth4webapi.js");
  const server = {
    issuer: asked.issuer, authorization_endpoint: asked.url, token_endpoint: asked.token_url,
  };
  return { oauth, server, client: { client_id: asked.client } };
}

// Go to the issuer, which sends its caller back here with a code.
export async function leave() {
  const { oauth } = await library();
  const verifier = oauth.generateRandomCodeVerifier(), state = oauth.generateRandomState();
  sessionStorage.setItem(KEPT, JSON.stringify({ verifier, state }));
  const url = new URL(asked.url);
  const given = {
    response_type: "code", client_id: asked.client, redirect_uri: at("").href, scope: asked.scope,
    state, code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(given)) url.searchParams.set(name, value);
  location.assign(url);
}

// The token that the issuer gives for the code in this address; nothing where there is none.
// Throws an Error that says why it gives none.
export async function arrive() {
  const here = new URL(location.href);
  if (!offered() || !here.searchParams.has("state")) return "";
  history.replaceState(null, "", at(""));
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  sessionStorage.removeItem(KEPT);
  if (!kept) return "";
  try {
    const { oauth, server, client } = await library();
    const code = oauth.validateAuthResponse(server, client, here, kept.state);
    // Plain HTTP is what an issuer on this very machine speaks; the template takes none.
    const options = { [oauth.allowInsecureRequests]: asked.token_url.startsWith("http://") };
    const answer = await oauth.authorizationCodeGrantRequest(
      server, client, oauth.None(), code, at("").href, kept.verifier, options);
    return (await oauth.processAuthorizationCodeResponse(server, client, answer)).access_token;
  } catch (error) {
    const why = error.error_description ?? error.error ?? error.message;
    throw new Error(`Signing in failed: ${why}.`, { cause: error });
  }
}
