import type { EncryptionClient } from '../e2ee/client';
import { fromBase64Url, toBase64Url, type Bytes } from '../e2ee/mls/bytes';
import type { SpokenIdentity } from '../e2ee/protocol';
import type { AccountInfo } from '../signaling/contract';
import { certifyDevice, readIdentityRoot } from '../signaling/rest';

/** Who the person is: the account that is signed in, with a certificate for this device that is good for some hours, or a guest. Null: no certificate was to be had. */
export async function spokenIdentity(client: EncryptionClient, account: AccountInfo | null, name: string): Promise<SpokenIdentity | null> {
  if (account === null) return { type: 'guest', name };
  const accountId = fromBase64Url(account.id);
  const at = Date.now();
  const device = accountId === null ? null : await client.device(accountId, at);
  if (device === null) return null;
  const answer = await certifyDevice({ deviceKey: toBase64Url(device.deviceKey), at, proof: toBase64Url(device.proof) });
  const certificate = answer === null ? null : fromBase64Url(answer.certificate);
  return certificate === null ? null : { type: 'account', certificate };
}

/** The authorities whose word on accounts a new meeting takes: this installation's. Null: it did not answer. */
export async function identityRoots(): Promise<readonly Bytes[] | null> {
  const answer = await readIdentityRoot();
  const root = answer === null ? null : fromBase64Url(answer.root);
  return root === null ? null : [root];
}
