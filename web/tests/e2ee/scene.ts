import type { FoundingStatement } from '../../src/e2ee/mls/statement';
import { Insider } from './insider';
import { account, Authority, found, guest, type Meeting, type Person } from './people';
import { SimulatedServer } from './server';
import { areTogether, Client, World } from './world';

/** An institution, a host, his meeting, the server, and virtual time. */
export class Scene {
  private constructor(readonly world: World, readonly authority: Authority, readonly host: Person, readonly meeting: Meeting, readonly server: SimulatedServer) {}

  static async create(change: Partial<FoundingStatement> = {}): Promise<Scene> {
    const world = new World();
    const authority = await Authority.create();
    const host = await account(authority, 'Retno Wulandari');
    const meeting = await found(host, authority, change);
    return new Scene(world, authority, host, meeting, new SimulatedServer(world, meeting));
  }

  browser(person: Person): Client {
    return new Client(this.world, this.server, person, this.meeting);
  }

  /** The host in his meeting. */
  async hosted(): Promise<Client> {
    const client = this.browser(this.host);
    await client.open();
    await this.world.until('the founding', () => client.view.phase === 'active');
    return client;
  }

  /** Admits whoever waits first. */
  async admitNext(moderator: Client, role: 'participant' | 'coHost' = 'participant'): Promise<void> {
    await this.world.until('the knock', () => moderator.view.knocks.length > 0);
    await moderator.command({ type: 'admit', participantId: moderator.view.knocks[0]!.participantId, role });
  }

  async admit(moderator: Client, person: Person, role: 'participant' | 'coHost' = 'participant'): Promise<Client> {
    const client = this.browser(person);
    await client.open();
    await this.admitNext(moderator, role);
    await this.world.until('the admission', () => client.view.phase === 'active');
    return client;
  }

  /** The host, and guests whom he admitted one after another. */
  async meetingOf(...names: string[]): Promise<Client[]> {
    const clients = [await this.hosted()];
    for (const name of names) clients.push(await this.admit(clients[0]!, await guest(name)));
    await this.world.until('all hear each other', () => areTogether(...clients));
    return clients;
  }

  async insiderOf(moderator: Client, name: string): Promise<Insider> {
    const insider = await Insider.knock(this.server, this.meeting, await guest(name));
    await this.admitNext(moderator);
    await this.world.until('the insider is in', () => insider.view !== null);
    return insider;
  }
}
