import { beforeEach, describe, expect, it } from 'vitest';
import { account, Authority, found, guest, type Meeting, type Person } from './people';
import { SimulatedServer } from './server';
import { areTogether, Client, World } from './world';

let world: World;
let authority: Authority;
let host: Person;
let meeting: Meeting;
let server: SimulatedServer;

beforeEach(async () => {
  world = new World();
  authority = await Authority.create();
  host = await account(authority, 'Retno Wulandari');
  meeting = await found(host, authority);
  server = new SimulatedServer(world, meeting);
});

const join = (person: Person): Client => new Client(world, server, person, meeting);

async function admit(moderator: Client, client: Client): Promise<void> {
  if (!client.isOnline) await client.open();
  await world.until('the knock', () => moderator.view.knocks.length > 0);
  await moderator.command({ type: 'admit', participantId: moderator.view.knocks[0]!.participantId, role: 'participant' });
  await world.until('the admission', () => client.view.phase === 'active');
}

describe('a meeting', () => {
  it('is founded by its host, who sends under keys of his own', async () => {
    const client = join(host);
    await client.open();
    await world.until('founding', () => client.view.phase === 'active');
    expect(client.view.badge).toBe('encrypted');
    expect(client.view.generation).toBe(1);
    expect(client.frames.sending).toMatchObject({ leaf: 0, epoch: 0n });
  });

  it('admits a guest by the host alone, and both hear each other', async () => {
    const [a, b] = [join(host), join(await guest('Budi'))];
    await a.open();
    await world.run(100);
    await b.open();
    await world.run(100);
    expect(b.view.phase).toBe('waiting');
    expect(b.view.members).toEqual([]);
    expect(a.view.knocks).toMatchObject([{ name: 'Budi', isGuest: true, fault: null }]);
    await admit(a, b);
    await world.until('hearing', () => areTogether(a, b));
    expect(a.names).toEqual(['Retno Wulandari', 'Budi']);
    expect(b.names).toEqual(a.names);
  });
});
