/* Reads {"token", "key": {kid, x, y}} in base64 from standard input, one JSON a line,
   and verifies the token as anybody would with a COSE library from npm. */
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { webcrypto } from 'node:crypto';

const require = createRequire(process.argv[2]);
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { Sign1 } = await load('@auth0/cose');
const { Decoder } = await load('cbor-x');
const cbor = new Decoder({ mapsAsObjects: false });

for await (const line of createInterface({ input: process.stdin })) {
  const { token, key } = JSON.parse(line);
  const bytes = Buffer.from(token, 'base64');
  try {
    const point = Buffer.concat([
      Buffer.of(4), Buffer.from(key.x, 'base64'), Buffer.from(key.y, 'base64'),
    ]);
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const publicKey = await webcrypto.subtle.importKey('raw', point, algorithm, true, ['verify']);
    const sign1 = await Sign1.decode(bytes);
    await sign1.verify(publicKey);
    const claims = cbor.decode(sign1.payload);
    const letter = claims.get(-65537);
    console.log(JSON.stringify({
      kid: Buffer.from(sign1.protectedHeaders.get(4)).toString('base64'),
      region: claims.get(1), name: claims.get(169).get(4), number: letter.get(2),
      nik: letter.get(5),
    }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.constructor.name }));
  }
}
