// What imap-imapflow.sh runs: WAY HOST PORT CA USER PASSWORD MESSAGE.
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { ImapFlow } from 'imapflow';

const [way, host, port, ca, user, password, messageFile] = process.argv.slice(2);
const message = readFileSync(messageFile);
const step = (name, passed) => console.log(`${passed ? 'ok' : 'not ok'} ${name}`);

function newClient(trusted = true) {
  const client = new ImapFlow({
    host, port: Number(port), secure: way === 'tls', doSTARTTLS: way !== 'tls', auth: { user, pass: password },
    tls: trusted ? { ca: readFileSync(ca) } : {}, logger: false, maxIdleTime: 10_000,
  });
  client.on('error', error => console.log(error.message));
  return client;
}

async function open(path) {
  const client = newClient();
  await client.connect();
  await client.mailboxOpen(path);
  return client;
}

// Until the event is there, or 10 seconds are over.
const within = (promise) => Promise.race([promise, once(AbortSignal.timeout(10_000), 'abort').then(() => null)]);

const refused = await newClient(false).connect().then(() => false, () => true);
step('a certificate that is not trusted is refused', refused);

const writer = await open('INBOX');
const reader = await open('INBOX');
step('the connection is encrypted', reader.secureConnection);

const idling = reader.idle();
const told = once(reader, 'exists');
const appended = await writer.append('INBOX', message, ['$Work'], new Date('2026-11-23T10:00:00Z'));
step('APPEND', Boolean(appended));
step('the other session hears of it', (await within(told))?.[0].count === 1);
const flagsTold = once(reader, 'flags');
await writer.messageFlagsAdd('1', ['\\Flagged']);
step('and of a flag', (await within(flagsTold))?.[0].flags.has('\\Flagged'));
await reader.noop();
await within(idling);

const one = await reader.fetchOne('1', {
  source: true, envelope: true, bodyStructure: true, internalDate: true, flags: true, size: true, uid: true,
});
step('all octets', one.source.equals(message));
step('size', one.size === message.length);
step('envelope', one.envelope.subject === 'hard to carry' && one.envelope.from[0].address === 'alice@crepes.fr');
step('structure', one.bodyStructure.type === 'text/plain' && one.bodyStructure.encoding === '8bit');
step('date', one.internalDate.toISOString() === '2026-11-23T10:00:00.000Z');
step('flag and keyword', one.flags.has('\\Flagged') && one.flags.has('$Work'));
const { content } = await reader.download(String(one.uid), '1', { uid: true });
let text = '';
for await (const chunk of content) {
  text += chunk;
}
step('the text, decoded', text.includes('漢字') && text.endsWith('the end\r\n'));
const found = (criteria) => reader.search(criteria, { uid: true }).then(uids => uids.join());
step('search by subject', await found({ subject: 'hard' }) === String(one.uid));
step('search by 8-bit text', await found({ body: 'ärger' }) === String(one.uid));
step('search that finds nothing', await found({ from: 'nobody' }) === '');
const status = await reader.status('INBOX', { messages: true, uidNext: true, uidValidity: true, unseen: true });
step('status', status.messages === 1 && status.unseen === 1 && status.uidNext > one.uid);

await writer.mailboxCreate(['Archive', 'Entwürfe']);
await writer.mailboxRename(['Archive', 'Entwürfe'], ['Archive', 'Old']);
step('copy', (await writer.messageCopy('1', 'Archive/Old')).destination === 'Archive/Old');
const lister = await open('INBOX');
const paths = (await lister.list()).map(box => box.path);
step('folders', paths.includes('Archive/Old') && !paths.includes('Archive/Entwürfe'));
await lister.mailboxCreate('Moved');
const gone = once(reader, 'expunge');
const waiting = reader.idle();
step('move', Boolean(await writer.messageMove('1', 'Moved')));
step('the other session hears that it is gone', (await within(gone))?.[0].seq === 1);
await reader.noop();
await within(waiting);
await lister.mailboxOpen('Moved');
step('it is there', (await lister.fetchOne('1', { source: true })).source.equals(message));
step('delete', await lister.messageDelete('1:*') && (await lister.status('Moved', { messages: true })).messages === 0);
step('delete the folder', Boolean(await writer.mailboxDelete('Moved')));
await Promise.all([reader.logout(), writer.logout(), lister.logout()]);
console.log('done');
