// An OpenID provider for one person, who is always signed in: codes, PKCE, and signed tokens.
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer } from "node:http";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const keys = JSON.stringify({
  keys: [{ ...publicKey.export({ format: "jwk" }), kid: "only", use: "sig", alg: "RS256" }],
});

const packed = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(claims) {
  const said = `${packed({ alg: "RS256", kid: "only", typ: "at+jwt" })}.${packed(claims)}`;
  return `${said}.${sign("sha256", Buffer.from(said), privateKey).toString("base64url")}`;
}

// `refuses`: the next code is refused; `scope`: what was asked for last.
export async function issuer(audience) {
  const codes = new Map(), facts = { refuses: false, scope: "", url: "" };
  const server = createServer(async (request, answer) => {
    const asked = new URL(request.url, facts.url);
    if (asked.pathname === "/authorize") {
      const given = asked.searchParams, code = randomBytes(8).toString("hex");
      facts.scope = given.get("scope");
      codes.set(code, given);
      const back = new URL(given.get("redirect_uri"));
      back.searchParams.set("state", given.get("state"));
      if (facts.refuses) back.searchParams.set("error", "access_denied");
      else back.searchParams.set("code", code);
      answer.writeHead(302, { Location: back.href }).end();
      return;
    }
    let body = "";
    for await (const part of request) body += part;
    const given = new URLSearchParams(body), wanted = codes.get(given.get("code"));
    codes.delete(given.get("code"));
    const proof = createHash("sha256").update(given.get("code_verifier") ?? "").digest("base64url");
    const good = wanted?.get("code_challenge") === proof
      && wanted.get("redirect_uri") === given.get("redirect_uri")
      && wanted.get("client_id") === given.get("client_id");
    const now = Math.floor(Date.now() / 1000);
    const told = good ? {
      token_type: "Bearer", expires_in: 300,
      access_token: token({
        iss: facts.url, aud: audience, sub: "clerk", scope: facts.scope, iat: now, exp: now + 300,
      }),
    } : { error: "invalid_grant" };
    answer.writeHead(good ? 200 : 400, {
      "Content-Type": "application/json", "Access-Control-Allow-Origin": "*",
    }).end(JSON.stringify(told));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  facts.url = `http://127.0.0.1:${server.address().port}`;
  return { facts, stop: () => server.close() };
}
