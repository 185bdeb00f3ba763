import { fromBase64Url, toBase64Url, type Bytes } from '../e2ee/mls/bytes';
import type { LogEntry, WorkItem } from '../e2ee/mls/memberTypes';
import type { NetworkAction, NetworkEvent } from '../e2ee/protocol';
import { signalingContract, type ErrorCode, type LogEntry as WireEntry, type WorkItem as WireItem } from '../signaling/contract';
import type { HubLink } from '../signaling/hub';
import type { WelcomeStore } from '../signaling/rest';
import type { Clock } from './timing';

/** Wait before a call that the server had no time for is made again, ms. */
const busyDelay = 3_000;

export interface GroupCallsPorts {
  readonly meetingId: string;
  readonly clock: Clock;
  readonly welcomes: WelcomeStore;
  /** For the lobby; members show the certificate's name. */
  name(): string;
  /** By the server's roster. */
  participantAt(leaf: number): string | null;
  tell(event: NetworkEvent): void;
  /** Where a guest comes from; null: he does not say. */
  institution(): string | null;
  /** One's id while one waits, the generation that lives or was the last (0 before the first), since when one waits, and what moderators say to those who do. */
  knocked(self: string, generation: number, since: number, notice: string | null): void;
  noticed(notice: string | null): void;
  /** What came of admitting or sending away somebody. */
  decided(participantId: string, error: ErrorCode): void;
  /** The connection speaks for a leaf now. */
  placed(hub: HubLink): void;
  /** The meeting is not there, or over. */
  refused(code: ErrorCode): void;
}

type Of<T extends NetworkAction['type']> = Extract<NetworkAction, { readonly type: T }>;

/** Asks the server what the worker wants asked, and tells it the answers. A socket that breaks answers nothing: the machine asks anew on the next. */
export class GroupCalls {
  readonly #ports: GroupCallsPorts;

  constructor(ports: GroupCallsPorts) {
    this.#ports = ports;
  }

  /** @param isPresent whether this socket is still the one in use */
  run(hub: HubLink, action: NetworkAction, isPresent: () => boolean): void {
    const again = () => void this.#ports.clock.after(busyDelay, () => {
      if (isPresent()) this.run(hub, action, isPresent);
    });
    this.#ask(hub, action, again).catch(() => undefined); // the socket broke: connecting anew begins anew
  }

  async #ask(hub: HubLink, action: NetworkAction, again: () => void): Promise<void> {
    const { tell, decided } = this.#ports;
    switch (action.type) {
      case 'knock': return this.#knock(hub, action, again);
      case 'foundGroup': return this.#found(hub, action, again);
      case 'readLog': return this.#readLog(hub, action, again);
      case 'takeWork': {
        const { generation, epoch } = action;
        const { error, work } = await hub.takeWork({ generation, epoch: Number(epoch) });
        tell({ type: 'workTaken', work: error === 'none' ? work.map(itemOf) : [] });
        return;
      }
      case 'postCommit': return this.#postCommit(hub, action);
      case 'postMessage': return this.#postMessage(hub, action);
      case 'listKnocks': return this.#listKnocks(hub);
      case 'refuseWork': await hub.refuseWork(action.id, action.fault); return;
      case 'reportEntry': await hub.reportEntry({ generation: action.generation, entry: action.entry, fault: action.fault }); return;
      case 'sendSignal': await hub.sendSignal(toBase64Url(action.signal)); return;
      case 'admit': return decided(action.participantId, (await hub.admit({ participantId: action.participantId, ticket: toBase64Url(action.ticket) })).error);
      case 'deny': return decided(action.participantId, (await hub.deny(action.participantId)).error);
      case 'offerRecord': await hub.offerRecord(toBase64Url(action.record)); return;
      case 'removeMember': {
        const participantId = this.#ports.participantAt(action.leaf);
        if (participantId !== null) await hub.removeMember({ participantId, removal: toBase64Url(action.removal) });
      }
    }
  }

  async #knock(hub: HubLink, { keyPackage, ticket }: Of<'knock'>, again: () => void): Promise<void> {
    const { meetingId, name, institution, tell, knocked, refused } = this.#ports;
    const { error, self, state, group, since, notice } = await hub.knock({
      meetingId, displayName: name(), keyPackage: toBase64Url(keyPackage), ticket: ticket === null ? null : toBase64Url(ticket), institution: institution(),
    });
    if (error === 'none' && self !== null && state !== null && group !== null) {
      knocked(self, group.generation, this.#ports.clock.now() - (group.at - (since ?? group.at)), notice ?? null);
      tell({ type: 'knockAnswered', state, generation: group.generation, at: group.at });
    } else if (isBusy(error)) {
      again();
    } else if (error === 'meetingNotFound' || error === 'meetingEnded' || error === 'meetingFull' || error === 'meetingLocked') {
      refused(error);
    } else {
      tell({ type: 'knockRefused' });
    }
  }

  async #found(hub: HubLink, { expectedGeneration, groupId, keyPackage }: Of<'foundGroup'>, again: () => void): Promise<void> {
    const { error, verdict } = await hub.foundGroup({ expectedGeneration, groupId: toBase64Url(groupId), keyPackage: toBase64Url(keyPackage) });
    if (isBusy(error)) return again();
    this.#ports.tell({ type: 'foundAnswered', verdict });
    if (verdict === 'accepted') this.#ports.placed(hub);
  }

  async #readLog(hub: HubLink, { generation, after }: Of<'readLog'>, again: () => void): Promise<void> {
    const { tell } = this.#ports;
    const { error, fault, entries, group } = await hub.readLog({ generation, after });
    if (isBusy(error)) again();
    else if (error !== 'none') tell({ type: 'outOfStep' });
    else if (fault !== 'none' || group === null) tell({ type: 'logRead', entries: [], last: null, at: this.#ports.clock.now() });
    else tell({ type: 'logRead', entries: entries.map(entryOf), last: group.entry, at: group.at });
  }

  async #postCommit(hub: HubLink, { generation, epoch, commit, welcome, workIds }: Of<'postCommit'>): Promise<void> {
    const isLong = welcome !== null && welcome.length > signalingContract.welcomeInlineMaximum;
    const welcomeId = isLong ? await this.#ports.welcomes.put(this.#ports.meetingId, welcome) : null;
    if (isLong && welcomeId === null) return this.#ports.tell({ type: 'commitAnswered', verdict: 'refused' });
    const { error, verdict } = await hub.postCommit({
      generation, epoch: Number(epoch), commit: toBase64Url(commit), welcome: welcome === null || isLong ? null : toBase64Url(welcome), welcomeId, workIds,
    });
    this.#ports.tell({ type: 'commitAnswered', verdict: error === 'none' ? verdict : 'refused' });
  }

  async #postMessage(hub: HubLink, { number, generation, epoch, message, kind }: Of<'postMessage'>): Promise<void> {
    const { tell, clock } = this.#ports;
    const { error, verdict } = await hub.postMessage({ generation, epoch: Number(epoch), message: toBase64Url(message), kind });
    if (isBusy(error)) clock.after(busyDelay, () => tell({ type: 'messageAnswered', number, verdict: 'stale' }));
    else tell({ type: 'messageAnswered', number, verdict: error === 'none' ? verdict : 'refused' });
  }

  async #listKnocks(hub: HubLink): Promise<void> {
    const { noticed } = this.#ports;
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<HubLink['listKnocks']>> = await hub.listKnocks(after);
      for (const knock of page.knocks) {
        const keyPackage = fromBase64Url(knock.keyPackage);
        if (keyPackage !== null) this.#ports.tell({ type: 'knocked', participantId: knock.participantId, keyPackage, since: knock.since, institution: knock.institution });
      }
      after = page.next;
      noticed(page.notice ?? null);
    } while (after !== null);
  }
}

export function entryOf(entry: WireEntry): LogEntry {
  const { generation, kind, at } = entry;
  return { generation, entry: entry.entry, kind, bytes: bytesOf(entry.bytes), at };
}

/** What is no base64url is what the machine refuses as malformed. */
export function bytesOf(text: string): Bytes {
  return fromBase64Url(text) ?? new Uint8Array();
}

function itemOf({ id, kind, leaf, keyPackage, proof }: WireItem): WorkItem {
  return { id, kind, leaf, keyPackage: keyPackage === null ? null : bytesOf(keyPackage), proof: proof === null ? null : bytesOf(proof) };
}

function isBusy(error: ErrorCode): boolean {
  return error === 'tooManyRequests' || error === 'unavailable';
}
